import OpenAI from 'openai';
import { expect, test } from 'vitest';
import { createTracker } from '@tallykit/tracker-sdk';
import { wrapOpenAI } from '@tallykit/tracker-sdk/openai';
import { startFakeOpenAI } from '@tallykit/tracker-sdk/testing';

const calls = 3_000;
const kept = 500;

test('a server that is down for the whole run leaves the app unharmed, memory bounded and every loss counted', async () => {
  const provider = await startFakeOpenAI({
    reply: ({ index }) => ({ id: `resp-${index}`, usage: { input: 10, output: 5 } }),
  });
  // Nothing listens on port 9 of the loopback address.
  const tracker = createTracker({
    endpoint: 'http://127.0.0.1:9',
    apiKey: 'none',
    maxQueueEvents: kept,
    flushTimeoutMs: 500,
  });
  const openai = wrapOpenAI(new OpenAI({ apiKey: 'test', baseURL: provider.baseURL }), tracker);
  let answered = 0;
  let most = 0;
  await Promise.all(
    Array.from({ length: 20 }, async () => {
      for (let index = 0; index < calls / 20; index++) {
        const completion = await openai.chat.completions.create({
          model: 'gpt-4o-mini',
          messages: [{ role: 'user', content: 'hi' }],
        });
        if (completion.usage?.total_tokens === 15) answered++;
        most = Math.max(most, tracker.stats().queued);
      }
    }),
  );
  const begun = Date.now();
  await tracker.shutdown();
  expect(Date.now() - begun).toBeLessThan(5_000);
  expect(answered).toBe(calls);
  // A batch on its way may wait beside a full queue.
  expect(most).toBeLessThanOrEqual(kept + 500);
  const { recorded, accepted, queued, lost } = tracker.stats();
  expect({ recorded, accepted, queued }).toEqual({ recorded: calls, accepted: 0, queued: 0 });
  expect((lost.queue_full ?? 0) + (lost.shutdown_timeout ?? 0)).toBe(calls);
  await provider.close();
});
