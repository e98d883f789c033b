import { expect, test } from 'vitest';
import type { Attribution } from '../context/attribution.ts';
import { createTestTracker } from '../testing/create-test-tracker.ts';

const facts = { provider: 'p', requestModel: 'm', operation: 'chat' };

test('attribution that comes with a call wins over that of the run, key by key, for the call and its budgets', async () => {
  const asked: Attribution[] = [];
  const admit = async (_: unknown, attribution: Attribution) => void asked.push(attribution);
  const check = async () => ({ allowed: true, decision: 'allow', budgets: [] }) as const;
  const tracker = createTestTracker({ budgets: { connect: () => ({ admit, check }) } });
  await tracker.run({ customerId: 'run', flow: 'triage' }, async ({ recorder }) => {
    for (const given of [{ customerId: 'given' }, undefined]) {
      const call = recorder.start({ ...facts }, undefined, given);
      await recorder.admit?.(call, given);
      call.end({ status: 'ok', complete: true });
    }
  });
  const calls = await tracker.calls();
  expect(calls.map(({ customerId, flow }) => [customerId, flow])).toEqual([
    ['given', 'triage'],
    ['run', 'triage'],
  ]);
  expect(asked.map(({ customerId, flow }) => [customerId, flow])).toEqual([
    ['given', 'triage'],
    ['run', 'triage'],
  ]);
  expect(new Set(calls.map(({ traceId }) => traceId)).size).toBe(1);
});
