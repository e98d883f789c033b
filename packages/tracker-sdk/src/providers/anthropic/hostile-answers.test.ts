import { usageEventSchema } from '@tallykit/protocol';
import { describe, expect, test } from 'vitest';
import { collect } from '../../testing/collect.ts';
import { createTestTracker } from '../../testing/create-test-tracker.ts';
import { sdkVersions } from './__fixtures__/sdk-versions.ts';
import { body, streamed } from './__fixtures__/set-up.ts';
import { wrapAnthropic } from './wrap-anthropic.ts';

const long = 'x'.repeat(100_000);

const answers: readonly unknown[] = [
  null,
  7,
  'text',
  [],
  {},
  { id: 5, model: {}, usage: 'many', content: 3 },
  {
    id: long,
    model: long,
    usage: { input_tokens: long, output_tokens: 1e300, service_tier: long, speed: long },
  },
  { id: '', model: '', usage: [1, 2], stop_reason: [] },
  {
    usage: {
      input_tokens: -1,
      output_tokens: 0.5,
      cache_creation: [[]],
      server_tool_use: 'x',
      iterations: 'x',
    },
  },
  {
    usage: {
      iterations: [null, 4, { type: 'advisor_message', model: 9 }, { type: 'compaction', input_tokens: '9' }],
    },
  },
  { usage: { input_tokens: 2 ** 52, output_tokens: 3, inference_geo: 4 }, iterator: 'none' },
];

const events: readonly unknown[] = [
  { type: 'message_start' },
  { type: 'message_start', message: 'x' },
  { type: 'message_start', message: { usage: 5, id: long } },
  { type: 'content_block_delta', delta: 'x' },
  { type: 'content_block_delta', delta: { text: { deep: 1 } } },
  { type: 'message_delta', usage: null, delta: 4 },
  { type: 'message_delta', usage: { output_tokens: -4, iterations: {} } },
  { type: 5 },
  'text',
  [null],
];

function clientOf(Anthropic: (typeof sdkVersions)[number]['Anthropic'], answer: () => Response) {
  return new Anthropic({ apiKey: 'test', maxRetries: 0, logLevel: 'off', fetch: async () => answer() });
}

describe.each(sdkVersions)('answers that are not what they should be on $name', ({ Anthropic }) => {
  test('reach the host as they are, and leave events that the server takes', async () => {
    const tracker = createTestTracker();
    for (const answer of answers) {
      const respond = () => Response.json(answer);
      const seen: unknown = await wrapAnthropic(clientOf(Anthropic, respond), tracker).messages.create(body);
      expect(seen).toEqual(answer);
    }
    // One of them tells of an advisor.
    const recorded = await tracker.events();
    expect(recorded).toHaveLength(answers.length + 1);
    for (const event of recorded) expect(usageEventSchema.safeParse(event).error).toBeUndefined();
    expect(tracker.stats()).toMatchObject({ unfinished: 0, lost: {} });
  });

  test('pass in a stream too, each event untouched', async () => {
    const tracker = createTestTracker();
    const text = events.map((event) => `event: message_delta\ndata: ${JSON.stringify(event)}\n\n`).join('');
    const respond = () => new Response(text, { headers: { 'content-type': 'text/event-stream' } });
    const client = wrapAnthropic(clientOf(Anthropic, respond), tracker);
    expect(await collect(await client.messages.create(streamed))).toEqual(events);
    const [event] = await tracker.events();
    expect(usageEventSchema.safeParse(event).error).toBeUndefined();
    expect(tracker.stats()).toMatchObject({ unfinished: 0, lost: {} });
  });

  test.each([
    ['nothing', undefined],
    ['null', null],
    ['a number', 7],
    ['text', 'text'],
    ['a list', []],
    ['an endless name', { model: long, stream: 'yes' }],
  ])('a request that is %s comes to the same as without us', async (_, request) => {
    const tracker = createTestTracker();
    const respond = () => Response.json({ ok: true });
    const call = (client: object): Promise<unknown> =>
      (async () =>
        (client as { messages: { create(body: unknown): unknown } }).messages.create(request))().then(
        () => 'answered',
        (error: unknown) => String(error),
      );
    const bare = await call(clientOf(Anthropic, respond));
    expect(await call(wrapAnthropic(clientOf(Anthropic, respond), tracker))).toBe(bare);
    expect(tracker.stats()).toMatchObject({ lost: {} });
  });
});
