import { describe, expect, it } from 'vitest';
import { timeUntil } from './time-until.ts';

const now = '2026-11-20T09:42:00.000Z';

describe('timeUntil', () => {
  it('speaks of days, hours or minutes, whichever a person would', () => {
    expect(timeUntil(now, '2026-11-30T23:00:00.000Z')).toEqual({ unit: 'days', count: 11 });
    expect(timeUntil(now, '2026-11-20T23:00:00.000Z')).toEqual({ unit: 'hours', count: 13 });
    expect(timeUntil(now, '2026-11-20T10:30:01.000Z')).toEqual({ unit: 'minutes', count: 49 });
  });

  it('never says that nothing is left while something is', () => {
    expect(timeUntil(now, '2026-11-20T09:42:00.001Z')).toEqual({ unit: 'minutes', count: 1 });
  });

  it('knows nothing of what has passed', () => {
    expect(timeUntil(now, now)).toBeNull();
    expect(timeUntil(now, '2026-11-20T00:00:00.000Z')).toBeNull();
  });
});
