/** The place of a series in the palette: one of six colours, or the grey of "others". */
export type SeriesSlot = 1 | 2 | 3 | 4 | 5 | 6 | 'others';

/** The colours that series take in turn. */
export const seriesSlots = [1, 2, 3, 4, 5, 6] as const;

/** The class that gives a mark the colour of its series; colours themselves live in the style sheet. */
export function slotClass(slot: SeriesSlot): string {
  return `tk-series-${slot}`;
}
