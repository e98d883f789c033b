import { assignSlots, type SlotMemory } from '../../charts/legend/assign-slots.ts';
import type { SeriesSlot } from '../../charts/legend/series-slot.ts';
import type { UsagePicture } from './select-usage.ts';

/** The colour of each series of a picture; what stands for all others is always grey. */
export function usageSlots(picture: UsagePicture, memory: SlotMemory): readonly SeriesSlot[] {
  if (picture.groupBy === 'none') return picture.series.map(() => 1);
  const own = picture.series.filter((series) => series.others === 0);
  const slots = assignSlots(
    picture.groupBy,
    own.map((series) => series.id.slice('key:'.length)),
    memory,
  );
  return picture.series.map((series) =>
    series.others > 0 ? 'others' : (slots[own.indexOf(series)] ?? 'others'),
  );
}
