import { expect, test } from 'vitest';
import { periodsUntil } from './periods.ts';

test('a period begins at midnight where the organization is, also over a change of clocks', () => {
  expect(periodsUntil(Date.UTC(2026, 10, 20, 10, 42), 'Europe/Berlin')).toEqual([
    { label: '7 d', from: '2026-11-13T23:00:00.000Z' },
    { label: '30 d', from: '2026-10-21T22:00:00.000Z' },
    { label: '90 d', from: '2026-08-22T22:00:00.000Z' },
  ]);
});
