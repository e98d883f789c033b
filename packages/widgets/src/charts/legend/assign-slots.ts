import { seriesSlots, type SeriesSlot } from './series-slot.ts';

/**
 * Remembers which colour a series has, so that it keeps it across widgets and answers: by group, then by key, since a
 * model and a product may have the same name and are not the same series.
 */
export type SlotMemory = Map<string, Map<string, SeriesSlot>>;

/**
 * Gives each series of one picture a colour of its own. A series that is known keeps its colour; a new one takes the
 * first colour that nobody in its group has, or else the first that is free in this picture.
 *
 * @param group that the series are of, for example `model`.
 * @param keys of the series, the largest first.
 * @param memory of the page; new series are added to it.
 */
export function assignSlots(
  group: string,
  keys: readonly string[],
  memory: SlotMemory,
): readonly SeriesSlot[] {
  const remembered = memory.get(group) ?? new Map<string, SeriesSlot>();
  memory.set(group, remembered);
  const taken = new Set<SeriesSlot>();
  const chosen = new Map<string, SeriesSlot>();
  for (const key of keys) {
    const slot = remembered.get(key);
    if (slot === undefined || taken.has(slot)) continue;
    taken.add(slot);
    chosen.set(key, slot);
  }
  const known = new Set(remembered.values());
  for (const key of keys) {
    if (chosen.has(key)) continue;
    const free = seriesSlots.filter((slot) => !taken.has(slot));
    const slot = free.find((candidate) => !known.has(candidate)) ?? free[0] ?? 'others';
    taken.add(slot);
    known.add(slot);
    chosen.set(key, slot);
    if (!remembered.has(key)) remembered.set(key, slot);
  }
  return keys.map((key) => chosen.get(key) ?? 'others');
}
