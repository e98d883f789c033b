import type { IngestAnswer } from '@tallykit/protocol';
import { expect, onTestFinished, test } from 'vitest';
import { createTracker } from '../create-tracker.ts';
import { call, record, setUp } from './__fixtures__/set-up.ts';

test.each([
  ['problems that are none', { problems: [null, 7, 'canary'] }],
  [
    'an unknown key without its place',
    { problems: [{ index: 0, code: 'unknown_key', outcome: 'rejected' }] },
  ],
  ['a number of duplicates that is none', { problems: [], duplicates: 'canary' }],
])('an answer with %s neither stops delivery nor loses its count', async (_, body) => {
  const { tracker } = await setUp((__, index) => (index === 0 ? { body: JSON.stringify(body) } : {}), {
    flushIntervalMs: 1,
  });
  record(tracker, 1);
  await tracker.flush();
  record(tracker, 1);
  await expect.poll(() => tracker.stats().queued, { timeout: 5000 }).toBe(0);
  const { recorded, accepted, duplicates, lost } = tracker.stats();
  expect(recorded).toBe(2);
  expect(accepted + duplicates + (lost.rejected ?? 0)).toBe(2);
});

test('a transport that never answers is given up, and the batch goes out again', async () => {
  let offered = 0;
  const tracker = createTracker({
    flushAtExit: false,
    flushIntervalMs: 1,
    requestTimeoutMs: 20,
    transport: ({ events }) =>
      ++offered === 1
        ? new Promise<IngestAnswer>(() => undefined)
        : Promise.resolve({ accepted: events.length, duplicates: 0, problems: [] }),
  });
  onTestFinished(async () => void (await tracker.shutdown()));
  tracker.record(call);
  await expect.poll(() => tracker.stats().accepted, { timeout: 5000 }).toBe(1);
  expect(offered).toBe(2);
});
