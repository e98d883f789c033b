import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, bucketsBetween, bucketStart, dayOf, quarterHourEnd, startOfDay } from './time-bucket.ts';

const zones = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'America/Sao_Paulo',
  'Asia/Kathmandu',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'Pacific/Chatham',
  'Africa/Casablanca',
];
const at = (text: string) => Date.parse(text);
const span = (from: string, to: string) => ({ from: at(from), to: at(to) });
const starts = (range: { from: number; to: number }, grain: 'hour' | 'day', zone: string) =>
  bucketsBetween(range, grain, zone).map(({ start }) => new Date(start).toISOString().slice(0, 16));

describe('time buckets', () => {
  it('cut any span into buckets without gap or overlap, each holding its own instants', () => {
    fc.assert(
      fc.property(
        fc.record({
          zone: fc.constantFrom(...zones),
          grain: fc.constantFrom('hour' as const, 'day' as const, 'week' as const, 'month' as const),
          from: fc.integer({ min: at('2000-01-01T00:00Z'), max: at('2035-01-01T00:00Z') }),
          length: fc.integer({ min: 1, max: 40 * 3_600_000 }),
          part: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        }),
        ({ zone, grain, from, length, part }) => {
          const buckets = bucketsBetween({ from, to: from + length }, grain, zone);
          expect(buckets[0]?.start).toBeLessThanOrEqual(from);
          expect(buckets.at(-1)?.end).toBeGreaterThanOrEqual(from + length);
          buckets.forEach((bucket, index) => {
            expect(bucket.end).toBeGreaterThan(bucket.start);
            if (index > 0) expect(buckets[index - 1]?.end).toBe(bucket.start);
            const inside = bucket.start + Math.floor((bucket.end - bucket.start) * part);
            expect(bucketStart(inside, grain, zone)).toBe(bucket.start);
            expect(bucketStart(bucket.end - 1, grain, zone)).toBe(bucket.start);
          });
        },
      ),
      { numRuns: 300 },
    );
  });

  it('cover every half hour around the change of clocks in all zones', () => {
    for (const zone of zones) {
      for (const year of zone === 'Pacific/Apia' ? [2011] : [2026]) {
        const buckets = bucketsBetween(span(`${year}-01-01T00:00Z`, `${year}-12-31T23:00Z`), 'hour', zone);
        let previous = buckets[0]?.start;
        for (const { start, end } of buckets) {
          expect(start).toBe(previous);
          expect(end - start).toBeLessThanOrEqual(5_400_000);
          previous = end;
        }
      }
    }
  });

  it('give Berlin a day of 23 and a day of 25 hours', () => {
    const spring = bucketsBetween(span('2026-03-28T23:00Z', '2026-03-29T22:00Z'), 'day', 'Europe/Berlin');
    const autumn = bucketsBetween(span('2026-10-24T22:00Z', '2026-10-25T23:00Z'), 'day', 'Europe/Berlin');
    expect(spring.map(({ start, end }) => (end - start) / 3_600_000)).toEqual([23]);
    expect(autumn.map(({ start, end }) => (end - start) / 3_600_000)).toEqual([25]);
  });

  it('keep an hour that is repeated as two buckets', () => {
    expect(starts(span('2026-11-01T05:00Z', '2026-11-01T08:00Z'), 'hour', 'America/New_York')).toEqual([
      '2026-11-01T05:00',
      '2026-11-01T06:00',
      '2026-11-01T07:00',
    ]);
  });

  it('begin at a quarter past in Kathmandu', () => {
    expect(starts(span('2026-11-20T10:00Z', '2026-11-20T11:20Z'), 'hour', 'Asia/Kathmandu')).toEqual([
      '2026-11-20T09:15',
      '2026-11-20T10:15',
      '2026-11-20T11:15',
    ]);
  });

  it('let an hour of Lord Howe last ninety minutes in autumn and thirty in spring', () => {
    const minutes = (from: string, to: string) =>
      bucketsBetween(span(from, to), 'hour', 'Australia/Lord_Howe').map(
        ({ start, end }) => (end - start) / 60_000,
      );
    expect(minutes('2026-04-04T13:00Z', '2026-04-04T16:30Z')).toEqual([60, 90, 60]);
    expect(minutes('2026-10-03T14:30Z', '2026-10-03T17:00Z')).toEqual([60, 30, 60]);
  });

  it('leave out the day that Apia skipped', () => {
    expect(starts(span('2011-12-29T10:00Z', '2011-12-31T10:00Z'), 'day', 'Pacific/Apia')).toEqual([
      '2011-12-29T10:00',
      '2011-12-30T10:00',
    ]);
    expect(startOfDay('2011-12-30', 'Pacific/Apia')).toBe(startOfDay('2011-12-31', 'Pacific/Apia'));
  });

  it('begin a day at one in the morning where midnight does not exist', () => {
    expect(new Date(startOfDay('2018-11-04', 'America/Sao_Paulo')).toISOString()).toBe(
      '2018-11-04T03:00:00.000Z',
    );
  });

  it('begin weeks on Monday and months on the first', () => {
    const week = bucketStart(at('2026-11-22T23:30Z'), 'week', 'UTC');
    expect(new Date(week).toISOString()).toBe('2026-11-16T00:00:00.000Z');
    expect(dayOf(bucketStart(at('2026-10-31T23:30Z'), 'month', 'Europe/Berlin'), 'Europe/Berlin')).toBe(
      '2026-11-01',
    );
  });

  it('are none for an empty or a reversed span', () => {
    expect(bucketsBetween({ from: 5, to: 5 }, 'day', 'UTC')).toEqual([]);
    expect(bucketsBetween({ from: 6, to: 5 }, 'day', 'UTC')).toEqual([]);
    expect(bucketsBetween({ from: Number.NaN, to: 5 }, 'day', 'UTC')).toEqual([]);
  });
});

describe('a quarter of an hour', () => {
  it('ends after the instant that it holds, and at most fifteen minutes later', () => {
    expect(quarterHourEnd(at('2026-11-20T10:42Z'))).toBe(at('2026-11-20T10:45Z'));
    expect(quarterHourEnd(at('2026-11-20T10:45Z'))).toBe(at('2026-11-20T11:00Z'));
    expect(quarterHourEnd(at('2026-11-20T10:45Z') - 1)).toBe(at('2026-11-20T10:45Z'));
  });
});

describe('calendar days', () => {
  it('follow each other through leap days and year ends', () => {
    expect(addDays('2028-02-28', 1)).toBe('2028-02-29');
    expect(addDays('2026-12-31', 1)).toBe('2027-01-01');
    expect(addDays('2026-01-01', -1)).toBe('2025-12-31');
  });

  it('come back from their own start in every zone', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.integer({ min: at('2012-01-01T00:00Z'), max: at('2035-01-01T00:00Z') }),
        (zone, ms) => {
          const day = dayOf(ms, zone);
          expect(dayOf(startOfDay(day, zone), zone)).toBe(day);
          expect(startOfDay(day, zone)).toBeLessThanOrEqual(ms);
          expect(startOfDay(addDays(day, 1), zone)).toBeGreaterThan(ms);
        },
      ),
    );
  });
});
