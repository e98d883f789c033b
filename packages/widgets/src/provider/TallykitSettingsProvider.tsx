import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { TallykitSettingsProps, WidgetFailure } from './settings.ts';
import { slotMemory, surroundingsOf, SurroundingsContext } from './surroundings.ts';

/**
 * Settings for presentational views that get their figures from elsewhere. Connected widgets need `TallykitProvider`,
 * which includes this. Renders no element of its own.
 *
 * @example
 * <TallykitSettingsProvider locale="de-DE" theme="dark">
 *   <TokenSpendKpiView state={{ name: 'loading' }} />
 * </TallykitSettingsProvider>
 */
export function TallykitSettingsProvider({ children, ...settings }: TallykitSettingsProps) {
  const { locale, timeZone, currency, theme, direction, messages, headingLevel } = settings;
  const [slots] = useState(() => slotMemory(settings.seriesColors));
  // Hosts write this function inline; it must not make every widget render again.
  const report = useRef(settings.onFailure);
  useEffect(() => {
    report.current = settings.onFailure;
  });
  const onFailure = useCallback((failure: WidgetFailure) => report.current?.(failure), []);
  const surroundings = useMemo(
    () =>
      surroundingsOf(
        { locale, timeZone, currency, theme, direction, messages, headingLevel, onFailure },
        slots,
      ),
    [locale, timeZone, currency, theme, direction, messages, headingLevel, onFailure, slots],
  );
  return <SurroundingsContext.Provider value={surroundings}>{children}</SurroundingsContext.Provider>;
}
