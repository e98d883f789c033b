import { nice, ticks } from '@visx/vendor/d3-array';

/** The vertical axis of a picture: values to pixels from the top, with round ticks at both ends. */
export interface YScale {
  readonly y: (value: number) => number;
  readonly ticks: readonly number[];
  /** Pixels from the top at which bars and areas begin. */
  readonly base: number;
}

/** The space a picture leaves above its highest tick, for the note over the open bucket. */
export const headroom = 20;

/** How many steps an axis has, about. */
const tickCount = 4;

/**
 * A linear axis that always holds zero, so that areas and bars have an honest base.
 *
 * @param values all values that are drawn, or the tops of stacks.
 * @param height of the picture in pixels.
 * @param axis whether labels stand beside it; the axis then ends at round values and leaves headroom for a note.
 */
export function yScale(values: readonly number[], height: number, axis: boolean): YScale {
  let low = 0;
  let high = 0;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (low === high) high = 1;
  // A linear scale of the chart library would bring colours, dates and formats along, a quarter of the first widget.
  const [from = low, to = high] = axis ? nice(low, high, tickCount) : [low, high];
  const top = axis ? headroom : 4;
  const bottom = height - 1;
  const y = (value: number): number => bottom - ((value - from) / (to - from)) * (bottom - top);
  return { y, ticks: axis ? ticks(from, to, tickCount) : [0], base: y(0) };
}
