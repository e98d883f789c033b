import type { TimeBucket } from '@tallykit/protocol';
import { instant } from '../datasets/freshness.ts';
import type { UsageRow } from '../datasets/question.ts';
import type { BucketSpan } from '../primitives/time-bucket.ts';

/** Rows by the place of their bucket; a bucket without rows has an empty list. */
export function rowsByBucket(
  rows: readonly UsageRow[],
  buckets: readonly BucketSpan[],
): readonly (readonly UsageRow[])[] {
  const places = new Map(buckets.map(({ start }, place) => [start, place]));
  const byBucket: UsageRow[][] = buckets.map(() => []);
  for (const row of rows) {
    const { time } = row;
    if (typeof time !== 'number') continue;
    const place = places.get(time) ?? buckets.findIndex(({ start, end }) => start <= time && time < end);
    byBucket[place]?.push(row);
  }
  return byBucket;
}

/** A bucket as the wire says it. */
export function timeBucket({ start, end }: BucketSpan, now: number): TimeBucket {
  return { start: instant(start), end: instant(end), open: end > now };
}
