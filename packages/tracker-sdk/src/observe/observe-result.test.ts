import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createTestTracker } from '../testing/create-test-tracker.ts';
import { classifyError } from './classify-error.ts';
import { observeResult } from './observe-result.ts';

const facts = { provider: 'p', operation: 'chat', requestModel: 'm' };

function observed<Result extends Promise<unknown>>(perform: () => Result) {
  const tracker = createTestTracker();
  const { recorder } = tracker;
  const call = recorder.start({ ...facts });
  const endOf = (error: unknown) => classifyError(error, false);
  const result = observeResult(perform, { call, recorder, endOf }, () =>
    call.end({ status: 'ok', complete: true }),
  );
  return { tracker, result };
}

test('a failure that nobody waits for is still reported as unhandled, and one that is caught is not', async () => {
  const reported: unknown[] = [];
  const listeners = process.listeners('unhandledRejection');
  process.removeAllListeners('unhandledRejection');
  process.on('unhandledRejection', (error) => reported.push(error));
  const mine = new Error('mine');
  try {
    const { tracker } = observed(async () => Promise.reject(mine));
    await expect(observed(async () => Promise.reject(mine)).result).rejects.toBe(mine);
    await sleep(10);
    expect(await tracker.calls()).toMatchObject([{ status: 'error' }]);
  } finally {
    process.removeAllListeners('unhandledRejection');
    for (const listener of listeners) process.on('unhandledRejection', listener);
  }
  expect(reported).toEqual([mine]);
});

test('a promise of a class of its own reaches the host itself', async () => {
  class Helpful extends Promise<string> {
    readonly help = 'here';
  }
  const own = new Helpful((resolve) => resolve('value'));
  const { result, tracker } = observed(() => own);
  expect(result).toBe(own);
  expect(await result).toBe('value');
  expect(await tracker.calls()).toMatchObject([{ status: 'ok' }]);
});

test('an error that is thrown before there is a promise ends the call', async () => {
  const tracker = createTestTracker();
  const call = tracker.recorder.start({ ...facts });
  const endOf = (error: unknown) => classifyError(error, false);
  const failing = (): Promise<unknown> => {
    throw new Error('mine');
  };
  expect(() => observeResult(failing, { call, recorder: tracker.recorder, endOf }, () => undefined)).toThrow(
    'mine',
  );
  expect(await tracker.calls()).toMatchObject([{ status: 'error' }]);
});
