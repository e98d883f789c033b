import { expect, it } from 'vitest';
import { spanOfWindow } from './budget-window.ts';

const told = (window: Parameters<typeof spanOfWindow>[0], now: string, timeZone: string) => {
  const { from, to } = spanOfWindow(window, Date.parse(now), timeZone);
  return [new Date(from).toISOString(), to === null ? null : new Date(to).toISOString()];
};

it.each([
  ['day', '2026-11-20T10:42:00Z', 'UTC', '2026-11-20T00:00:00.000Z', '2026-11-21T00:00:00.000Z'],
  // 25 and 23 hours: clocks go back on 25 October and forward on 29 March.
  ['day', '2026-10-25T12:00:00Z', 'Europe/Berlin', '2026-10-24T22:00:00.000Z', '2026-10-25T23:00:00.000Z'],
  ['day', '2026-03-29T12:00:00Z', 'Europe/Berlin', '2026-03-28T23:00:00.000Z', '2026-03-29T22:00:00.000Z'],
  ['week', '2026-03-29T12:00:00Z', 'Europe/Berlin', '2026-03-22T23:00:00.000Z', '2026-03-29T22:00:00.000Z'],
  ['month', '2026-03-31T22:30:00Z', 'Europe/Berlin', '2026-03-31T22:00:00.000Z', '2026-04-30T22:00:00.000Z'],
  [
    'month',
    '2026-03-31T21:59:59.999Z',
    'Europe/Berlin',
    '2026-02-28T23:00:00.000Z',
    '2026-03-31T22:00:00.000Z',
  ],
  ['month', '2028-02-29T12:00:00Z', 'UTC', '2028-02-01T00:00:00.000Z', '2028-03-01T00:00:00.000Z'],
  ['month', '2026-12-31T23:59:59.999Z', 'UTC', '2026-12-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z'],
  ['day', '2026-11-20T18:20:00Z', 'Asia/Kathmandu', '2026-11-20T18:15:00.000Z', '2026-11-21T18:15:00.000Z'],
] as const)('the %s that holds %s in %s', (...[window, now, timeZone, from, to]) => {
  expect(told(window, now, timeZone)).toEqual([from, to]);
});

it('is a half-open span: its end is the beginning of the next', () => {
  const { to } = spanOfWindow('day', Date.parse('2026-11-20T10:42:00Z'), 'Europe/Berlin');
  expect(spanOfWindow('day', to ?? 0, 'Europe/Berlin').from).toBe(to);
});

it('of all time has no end', () => {
  expect(told('total', '2026-11-20T10:42:00Z', 'UTC')).toEqual(['1970-01-01T00:00:00.000Z', null]);
});
