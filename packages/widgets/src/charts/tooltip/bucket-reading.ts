import type { SeriesSlot } from '../legend/series-slot.ts';

/** One line of a reading. */
export interface ReadingRow {
  readonly label: string;
  readonly value: string;
  /** The colour of its series; none for a line that is no series. */
  readonly slot?: SeriesSlot | undefined;
}

/** What one bucket says: its name, each series as drawn from top to bottom, a total, and notes such as "still open". */
export interface BucketReading {
  readonly title: string;
  readonly rows: readonly ReadingRow[];
  readonly total?: ReadingRow | undefined;
  readonly notes: readonly string[];
}

/**
 * The same in one sentence, for screen readers.
 *
 * @example
 * readingText({ title: '19 Nov', rows: [{ label: 'gpt-4o', value: '$4.00' }], notes: [] }); // '19 Nov. gpt-4o: $4.00'
 */
export function readingText(reading: BucketReading): string {
  const rows = [...(reading.total ? [reading.total] : []), ...reading.rows];
  const lines = rows.map((row) => `${row.label}: ${row.value}`).join('; ');
  return [reading.title, lines, ...reading.notes].filter((part) => part !== '').join('. ');
}
