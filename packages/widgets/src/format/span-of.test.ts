import { describe, expect, it } from 'vitest';
import { spanOf } from './span-of.ts';

const span = (from: string, to: string) => spanOf({ from, to });

describe('spanOf', () => {
  it('counts days that have begun', () => {
    expect(span('2026-11-01T00:00:00Z', '2026-11-20T10:42:00Z')).toEqual({ unit: 'days', count: 20 });
    expect(span('2026-10-22T00:00:00Z', '2026-11-21T00:00:00Z')).toEqual({ unit: 'days', count: 30 });
  });

  it('does not count the hour of a clock change as a day', () => {
    expect(span('2026-09-30T22:00:00Z', '2026-10-31T23:00:00Z')).toEqual({ unit: 'days', count: 31 });
    expect(span('2026-02-28T23:00:00Z', '2026-03-31T22:00:00Z')).toEqual({ unit: 'days', count: 31 });
  });

  it('speaks of hours in short ranges', () => {
    expect(span('2026-11-20T00:00:00Z', '2026-11-21T00:00:00Z')).toEqual({ unit: 'hours', count: 24 });
  });
});
