import * as z from 'zod/mini';
import { instantSchema } from './text.ts';

/** Widths of a time bucket. Weeks begin on Monday. */
export const grains = ['hour', 'day', 'week', 'month'] as const;

/** One of {@link grains}. */
export type Grain = (typeof grains)[number];

/** Checks a {@link Grain}. */
export const grainSchema = z.enum(grains);

/** Checks the name of an IANA time zone, for example `Europe/Berlin`, against the zones that this runtime knows. */
export const timeZoneSchema = z.string().check(
  z.maxLength(64),
  z.refine(
    (zone) => {
      try {
        new Intl.DateTimeFormat('en', { timeZone: zone });
        return /^[A-Za-z]/.test(zone);
      } catch {
        return false;
      }
    },
    { error: 'Not the name of an IANA time zone.' },
  ),
);

/** A span of time: `from` inclusive, `to` exclusive, both instants in UTC; its days are those of `timeZone`. */
export interface TimeRange {
  readonly from: string;
  readonly to: string;
  readonly timeZone: string;
}

/** Checks a {@link TimeRange} in an answer. */
export const timeRangeSchema = z.object({ from: instantSchema, to: instantSchema, timeZone: z.string() });

/** One bucket of time: `start` inclusive, `end` exclusive. `open` until `end` has passed. */
export interface TimeBucket {
  readonly start: string;
  readonly end: string;
  readonly open: boolean;
}

/** Checks a {@link TimeBucket}. */
export const timeBucketSchema = z.object({ start: instantSchema, end: instantSchema, open: z.boolean() });
