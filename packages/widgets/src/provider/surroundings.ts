import { createContext, useContext, useMemo } from 'react';
import type { SlotMemory } from '../charts/legend/assign-slots.ts';
import type { Direction } from '../charts/scale/x-positions.ts';
import { createFormats, type Formats } from '../format/create-formats.ts';
import { everyWidgetEnglish } from '../messages/english/every-widget.ts';
import { speechOf, type Speech } from '../messages/speech.ts';
import type { SeriesColors, TallykitSettings, Theme, WidgetFailure } from './settings.ts';
import { directionOf } from './direction-of.ts';

/** What every widget finds around itself: the settings with their defaults filled in. */
export interface Surroundings {
  readonly locale: string;
  readonly direction: Direction;
  readonly theme: Theme;
  readonly headingLevel: number;
  readonly timeZone: string | undefined;
  readonly currency: string | undefined;
  readonly speech: Speech;
  /** Formats in the zone of an answer; the same object for the same zone. */
  readonly formatsIn: (timeZone: string) => Formats;
  readonly slots: SlotMemory;
  readonly onFailure: ((failure: WidgetFailure) => void) | undefined;
}

/** A memory that holds the colours that the host has fixed. */
export function slotMemory(fixed: SeriesColors = {}): SlotMemory {
  return new Map(
    Object.entries(fixed).map(([group, slots]) => [group, new Map(Object.entries(slots ?? {}))]),
  );
}

/** Fills the defaults in. `slots` outlives a change of settings, so that series keep their colours. */
export function surroundingsOf(
  settings: TallykitSettings,
  slots: SlotMemory = slotMemory(settings.seriesColors),
): Surroundings {
  const { locale = 'en', theme = 'inherit', headingLevel = 3, timeZone, currency, messages } = settings;
  const direction = settings.direction ?? directionOf(locale);
  const formats = new Map<string, Formats>();
  return {
    locale,
    direction,
    theme,
    headingLevel,
    timeZone,
    currency,
    speech: speechOf({ locale, own: messages ?? {}, direction, texts: everyWidgetEnglish }),
    formatsIn: (zone) => {
      const known = formats.get(zone) ?? createFormats(locale, zone);
      formats.set(zone, known);
      return known;
    },
    slots,
    onFailure: settings.onFailure,
  };
}

/** Null outside of a provider: widgets then speak English. */
export const SurroundingsContext = /* @__PURE__ */ createContext<Surroundings | null>(null);

/** The surroundings of a widget, with defaults where there is no provider. */
export function useSurroundings(): Surroundings {
  const given = useContext(SurroundingsContext);
  const fallback = useMemo(() => (given ? null : surroundingsOf({})), [given]);
  return given ?? fallback ?? surroundingsOf({});
}
