import { expect, it } from 'vitest';
import { createManualClock, systemClock } from './clock.ts';

it('stands still until it is moved', () => {
  const clock = createManualClock(1000);
  expect(clock.now()).toBe(1000);
  clock.advance(5);
  expect(clock.now()).toBe(1005);
  clock.set(7);
  expect(clock.now()).toBe(7);
});

it('tells the time of the machine', () => {
  expect(Math.abs(systemClock.now() - Date.now())).toBeLessThan(1000);
});
