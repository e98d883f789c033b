import type { UsageGroup } from '@tallykit/protocol';
import type { ReactNode } from 'react';
import type { Direction } from '../charts/scale/x-positions.ts';
import type { SeriesSlot } from '../charts/legend/series-slot.ts';
import type { Messages } from '../messages/english.ts';

/** `inherit` follows the `color-scheme` of the page around; `system` the reader's own setting. */
export type Theme = 'inherit' | 'light' | 'dark' | 'system';

/** What went wrong inside a widget. The reader sees a calm card; this is for the host's own error log. */
export interface WidgetFailure {
  /** Id of the widget, for example `usage-chart`. */
  readonly widget: string;
  readonly error: unknown;
}

/** Colours of the palette by what series are grouped by, then by their key. */
export type SeriesColors = {
  readonly [group in UsageGroup]?: Readonly<Record<string, SeriesSlot>> | undefined;
};

/** How widgets speak and look. Everything has a default. */
export interface TallykitSettings {
  /** BCP 47 tag. Default: `en`. */
  readonly locale?: string | undefined;
  /** IANA zone in which days are asked for and shown. Default: the organization's own. */
  readonly timeZone?: string | undefined;
  /** The currency to show first where an answer holds several. Default: the first one that the answer holds. */
  readonly currency?: string | undefined;
  /** Default: `inherit`. */
  readonly theme?: Theme | undefined;
  /** Default: the direction of the locale's script. */
  readonly direction?: Direction | undefined;
  /** The host's own texts, any part of them. Keep the object stable between renders. */
  readonly messages?: Partial<Messages> | undefined;
  /** Level of the cards' headings in the page's outline. Default: 3. */
  readonly headingLevel?: 2 | 3 | 4 | 5 | 6 | undefined;
  /** Fixed colours of series by group and key, for example `{ model: { 'gpt-4o-mini': 1 } }`. Read once. */
  readonly seriesColors?: SeriesColors | undefined;
  /** Told about errors inside widgets. */
  readonly onFailure?: ((failure: WidgetFailure) => void) | undefined;
}

/** Settings with the widgets that they are for. */
export interface TallykitSettingsProps extends TallykitSettings {
  readonly children?: ReactNode;
}
