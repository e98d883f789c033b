import { expect, test } from 'vitest';
import { createTestTracker } from '../../testing/create-test-tracker.ts';
import { sdkVersions } from './__fixtures__/sdk-versions.ts';
import { onlyCall, streamed } from './__fixtures__/set-up.ts';
import { wrapOpenAI } from './wrap-openai.ts';

const chunksPerPull = 500;
const pulls = 200;

const newest = sdkVersions.at(-1);

/** A provider that sends 100,000 chunks and counts how far ahead of the reader it was asked to go. */
function endless(counter: { pulled: number }): Response {
  const chunk = {
    id: 'c',
    object: 'chat.completion.chunk',
    model: 'm',
    choices: [{ index: 0, delta: { content: 'x' } }],
  };
  const bytes = new TextEncoder().encode(`data: ${JSON.stringify(chunk)}\n\n`.repeat(chunksPerPull));
  const body = new ReadableStream({
    pull(controller) {
      if (counter.pulled++ < pulls) return controller.enqueue(bytes);
      controller.enqueue(new TextEncoder().encode('data: [DONE]\n\n'));
      controller.close();
    },
  });
  return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
}

test('conformance 15: a long stream is passed on chunk by chunk: nothing is kept, nothing is read ahead', async () => {
  const counter = { pulled: 0 };
  const tracker = createTestTracker();
  if (!newest) throw new Error('no SDK');
  const client = wrapOpenAI(
    new newest.OpenAI({ apiKey: 'test', fetch: async () => endless(counter) }),
    tracker,
  );
  let seen = 0;
  let furthestAhead = 0;
  for await (const chunk of await client.chat.completions.create(streamed)) {
    if (chunk.choices.length > 0) seen++;
    furthestAhead = Math.max(furthestAhead, counter.pulled * chunksPerPull - seen);
  }
  expect(seen).toBe(pulls * chunksPerPull);
  // The platform's own buffering only.
  expect(furthestAhead).toBeLessThanOrEqual(3 * chunksPerPull);
  expect(tracker.stats().unfinished).toBe(0);
  expect(await onlyCall(tracker)).toMatchObject({ complete: false, errorClass: 'usage_absent' });
});
