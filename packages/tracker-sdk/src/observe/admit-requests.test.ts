import { expect, test } from 'vitest';
import { createTestTracker } from '../testing/create-test-tracker.ts';
import { admitRequests } from './admit-requests.ts';
import type { CallRecorder } from './call-recorder.ts';
import { callKey } from './watch-attempts.ts';

/** A client of a generated SDK, reduced to its hook. */
function setUp(admit: CallRecorder['admit']) {
  const { recorder } = createTestTracker();
  const prepared: unknown[] = [];
  const client = {
    async prepareOptions(options: object) {
      prepared.push(options);
    },
  };
  const { prepareOptions } = client;
  admitRequests(client, { ...recorder, admit });
  const call = recorder.start({ provider: 'mine', operation: 'chat', requestModel: 'm' });
  return { client, prepareOptions, prepared, call, options: { [callKey]: call } };
}

test('nothing is installed when no budgets guard the calls', () => {
  const { client, prepareOptions } = setUp(undefined);
  expect(client.prepareOptions).toBe(prepareOptions);
});

test('a call is admitted once, before the hook of the SDK runs, whatever it retries', async () => {
  const order: string[] = [];
  const { client, prepared, options } = setUp(
    async () => void order.push(`admitted after ${prepared.length}`),
  );
  await client.prepareOptions(options);
  await client.prepareOptions(options);
  expect(order).toEqual(['admitted after 0']);
  expect(prepared).toEqual([options, options]);
});

test('a call that is refused is dropped, with the error for the host', async () => {
  const refusal = new Error('over budget');
  const { client, prepared, call, options } = setUp(() => Promise.reject(refusal));
  let dropped = false;
  call.onEnd = () => (dropped = true);
  await expect(client.prepareOptions(options)).rejects.toBe(refusal);
  expect(dropped).toBe(true);
  expect(prepared).toEqual([]);
});

test('requests that are no calls are not asked about', async () => {
  const { client, prepared } = setUp(() => Promise.reject(new Error('never asked')));
  await client.prepareOptions({ path: '/v1/models' });
  expect(prepared).toHaveLength(1);
});
