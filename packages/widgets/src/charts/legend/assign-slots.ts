import { seriesSlots, type SeriesSlot } from './series-slot.ts';

/** Remembers which colour a series has, so that it keeps it across widgets and answers. */
export type SlotMemory = Map<string, SeriesSlot>;

/**
 * Gives each series of one picture a colour of its own. A series that is known keeps its colour; a new one takes the
 * first colour that nobody has, or else the first that is free in this picture.
 *
 * @param ids of the series, the largest first.
 * @param memory of the page; new series are added to it.
 */
export function assignSlots(ids: readonly string[], memory: SlotMemory): readonly SeriesSlot[] {
  const taken = new Set<SeriesSlot>();
  const chosen = new Map<string, SeriesSlot>();
  for (const id of ids) {
    const slot = memory.get(id);
    if (slot === undefined || taken.has(slot)) continue;
    taken.add(slot);
    chosen.set(id, slot);
  }
  const known = new Set(memory.values());
  for (const id of ids) {
    if (chosen.has(id)) continue;
    const free = seriesSlots.filter((slot) => !taken.has(slot));
    const slot = free.find((candidate) => !known.has(candidate)) ?? free[0] ?? 'others';
    taken.add(slot);
    known.add(slot);
    chosen.set(id, slot);
    if (!memory.has(id)) memory.set(id, slot);
  }
  return ids.map((id) => chosen.get(id) ?? 'others');
}
