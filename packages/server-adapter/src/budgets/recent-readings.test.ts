import { expect, it, vi } from 'vitest';
import { createManualClock } from '../primitives/clock.ts';
import { createRecentReadings } from './recent-readings.ts';

function recent() {
  const clock = createManualClock(1_000_000);
  const read = vi.fn(async () => []);
  const readings = createRecentReadings(clock);
  return { clock, read, readings, get: (call = 'call', id = 'o') => readings.get(id, call, read) };
}

it('asks once for a burst about the same call, and again after a second', async () => {
  const { get, read, clock } = recent();
  await Promise.all([get(), get(), get()]);
  expect(read).toHaveBeenCalledTimes(1);
  clock.advance(999);
  await get();
  expect(read).toHaveBeenCalledTimes(1);
  clock.advance(1);
  await get();
  expect(read).toHaveBeenCalledTimes(2);
});

it('asks for each call and each organization', async () => {
  const { get, read } = recent();
  await Promise.all([get('a'), get('b'), get('a', 'other')]);
  expect(read).toHaveBeenCalledTimes(3);
});

it('asks again when something has changed, or when the clock was set back', async () => {
  const { get, read, readings, clock } = recent();
  await get();
  readings.forget('other');
  await get();
  expect(read).toHaveBeenCalledTimes(1);
  readings.forget('o');
  await get();
  expect(read).toHaveBeenCalledTimes(2);
  clock.advance(-10);
  await get();
  expect(read).toHaveBeenCalledTimes(3);
});

it('keeps no failure', async () => {
  const { get, read } = recent();
  read.mockRejectedValueOnce(new Error('away'));
  await expect(get()).rejects.toThrow('away');
  await expect(get()).resolves.toEqual([]);
});
