import { describe, expect, it } from 'vitest';
import { daysBefore, revenueDays } from './revenue-hero.ts';

const none = { from: null, to: null, month: null };
const at = (instant: string) => Date.parse(instant);

describe('revenueDays', () => {
  it('takes the current month up to today', () => {
    expect(revenueDays(none, '2026-11-20', 'UTC')).toEqual({ from: '2026-11-01', to: '2026-11-21' });
    expect(revenueDays({ ...none, month: '2026-11' }, '2026-11-30', 'UTC')).toEqual({
      from: '2026-11-01',
      to: '2026-12-01',
    });
    expect(revenueDays({ ...none, month: '2026-12' }, '2026-11-20', 'UTC')).toEqual({
      from: '2026-12-01',
      to: '2027-01-01',
    });
  });

  it('takes instants as the days of the zone that hold them', () => {
    const range = { from: at('2026-11-02T23:30:00Z'), to: at('2026-11-04T23:00:00Z'), month: null };
    expect(revenueDays(range, '2026-11-20', 'Europe/Berlin')).toEqual({
      from: '2026-11-03',
      to: '2026-11-05',
    });
    expect(revenueDays(range, '2026-11-20', 'UTC')).toEqual({ from: '2026-11-02', to: '2026-11-05' });
  });

  it('refuses an end before the start', () => {
    const range = { from: at('2026-11-04T00:00:00Z'), to: at('2026-11-03T00:00:00Z'), month: null };
    expect(() => revenueDays(range, '2026-11-20', 'UTC')).toThrow('"from"');
  });
});

describe('daysBefore', () => {
  it.each([
    ['as many days of the month before', ['2026-11-01', '2026-11-21'], ['2026-10-01', '2026-10-21']],
    ['at most the whole month before', ['2026-03-01', '2026-04-01'], ['2026-02-01', '2026-03-01']],
    ['as many days as the shorter month has', ['2026-02-01', '2026-03-01'], ['2026-01-01', '2026-01-29']],
    [
      'as many days just before, away from a month',
      ['2026-11-10', '2026-11-17'],
      ['2026-11-03', '2026-11-10'],
    ],
  ])('is %s', (_name, [from = '', to = ''], [first, end]) => {
    expect(daysBefore({ from, to })).toEqual({ from: first, to: end });
  });
});
