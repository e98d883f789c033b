import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { describe, expect, onTestFinished, test } from 'vitest';
import { collect } from '../../testing/collect.ts';
import { createTestTracker } from '../../testing/create-test-tracker.ts';
import { startFakeAnthropic } from '../../testing/fake-anthropic/start-fake-anthropic.ts';
import type { FakeReply, FakeRequest } from '../../testing/fake-openai/fake-reply.ts';
import { startFakeOpenAI } from '../../testing/fake-openai/start-fake-openai.ts';
import { hostDialects } from '../openai/__fixtures__/host-dialects.ts';
import { messages, model, onlyCall, plain, streamed } from '../openai/__fixtures__/set-up.ts';
import { wrapOpenAI } from '../openai/wrap-openai.ts';
import { answering } from './__fixtures__/answering.ts';
import { reaching } from './__fixtures__/open-driver.ts';
import { trackedFetch } from './tracked-fetch.ts';

const inBuckets = { input: 16, cacheRead: 4, output: 7 };

/** A client of OpenAI that is not wrapped, once with a tracked fetch and once with a bare one. */
async function setUp(reply: FakeReply) {
  const asked: FakeRequest[] = [];
  const provider = await startFakeOpenAI({
    reply: (request) => {
      asked.push(request);
      return reply;
    },
    now: () => 1_800_000_000_000,
  });
  const tracker = createTestTracker();
  onTestFinished(async () => {
    await provider.close();
    await tracker.shutdown();
  });
  const there = reaching('https://api.openai.com', provider.baseURL);
  const open = (fetch: typeof there) =>
    new OpenAI({ apiKey: 'test', baseURL: 'https://api.openai.com/v1', fetch });
  return { asked, tracker, client: open(trackedFetch(tracker, { fetch: there })), bare: open(there) };
}

describe('conformance 1: the usage chunk of a chat stream', () => {
  test('is read where the caller asked for it', async () => {
    const { client, bare, tracker } = await setUp({ ...plain, id: 'same' });
    const asking = { ...streamed, stream_options: { include_usage: true } };
    const seen = await collect(await client.chat.completions.create(asking));
    expect(seen).toEqual(await collect(await bare.chat.completions.create(asking)));
    expect(seen.at(-1)?.usage?.completion_tokens).toBe(7);
    expect((await onlyCall(tracker)).usage).toEqual(inBuckets);
  });

  test('is not asked for by a fetch function, so a call without it is estimated and has no usage', async () => {
    const { client, bare, asked, tracker } = await setUp({ ...plain, id: 'same' });
    const seen = await collect(await client.chat.completions.create(streamed));
    expect(seen).toEqual(await collect(await bare.chat.completions.create(streamed)));
    expect(asked[0]?.body).toEqual(asked[1]?.body);
    const call = await onlyCall(tracker);
    expect(call.usage).toBeUndefined();
    expect(call.estimate?.usage.output).toBeGreaterThan(0);
  });
});

describe('conformance 2: the Responses API', () => {
  const input = { model, input: 'Hi' };

  test.each([
    ['completed', 'ok'],
    ['incomplete', 'ok'],
    ['failed', 'error'],
  ] as const)('an answer that is %s is %s, streamed or not', async (status, told) => {
    const { client, tracker } = await setUp({ ...plain, status });
    await client.responses.create(input);
    await collect(await client.responses.create({ ...input, stream: true }));
    const calls = await tracker.calls();
    expect(calls.map((call) => [call.status, call.complete])).toEqual([
      [told, true],
      [told, true],
    ]);
    expect(calls.map(({ usage }) => usage)).toEqual([inBuckets, inBuckets]);
  });

  test('one that runs in the background is a call without usage, and polling it is none', async () => {
    const { client, tracker } = await setUp({ text: 'x', status: 'queued' });
    const { id } = await client.responses.create({ ...input, background: true });
    await client.responses.retrieve(id);
    const call = await onlyCall(tracker);
    expect(call).toMatchObject({ responseId: id, complete: false });
    expect(call.usage).toBeUndefined();
  });
});

describe("conformance 3: Anthropic's counts", () => {
  const body = {
    model: 'claude-opus-4-5',
    max_tokens: 64,
    messages: [{ role: 'user' as const, content: 'Hi' }],
    stream: true as const,
  };

  async function open() {
    const provider = await startFakeAnthropic({
      reply: () => ({
        chunks: ['one ', 'two'],
        usage: { input_tokens: 16, cache_read_input_tokens: 4, output_tokens: 7 },
        chunkDelayMs: 5,
      }),
    });
    const tracker = createTestTracker();
    onTestFinished(() => provider.close());
    const fetch = trackedFetch(tracker, { fetch: reaching('https://api.anthropic.com', provider.baseURL) });
    return { tracker, client: new Anthropic({ apiKey: 'test', fetch }) };
  }

  test('come with the start and the end of a stream', async () => {
    const { client, tracker } = await open();
    await collect(await client.messages.create(body));
    expect(await onlyCall(tracker)).toMatchObject({ complete: true, usage: inBuckets });
  });

  test('keep the input of a stream that is left, and not the placeholder of its output', async () => {
    const { client, tracker } = await open();
    for await (const event of await client.messages.create(body))
      if (event.type === 'content_block_delta') break;
    const call = await onlyCall(tracker);
    expect(call).toMatchObject({ status: 'aborted', complete: false });
    expect(call.usage).toEqual({ input: 16, cacheRead: 4 });
    expect(call.estimate?.usage.output).toBeGreaterThan(0);
  });
});

const dialects = hostDialects.map((dialect) => ({ ...dialect, name: dialect.model ?? dialect.host }));

describe('conformance 7: compatible hosts', () => {
  test.each(dialects)('$name is counted as by a wrapped client', async ({ baseURL, chunks }) => {
    const lines = [...chunks.map((chunk) => JSON.stringify(chunk)), '[DONE]'];
    const wire = answering(lines.map((line) => `data: ${line}\n\n`).join(''), {
      'content-type': 'text/event-stream',
    });
    const [tracker, other] = [createTestTracker(), createTestTracker()];
    const client = new OpenAI({ apiKey: 'test', baseURL, fetch: trackedFetch(tracker, { fetch: wire }) });
    const wrapped = wrapOpenAI(new OpenAI({ apiKey: 'test', baseURL, fetch: wire }), other);
    await collect(await client.chat.completions.create(streamed));
    await collect(await wrapped.chat.completions.create(streamed));
    const { provider, usage, statedCost, responseId, complete } = await onlyCall(tracker);
    expect(usage).toBeDefined();
    expect(await onlyCall(other)).toMatchObject({ provider, usage, responseId, complete });
    expect((await onlyCall(other)).statedCost).toEqual(statedCost);
  });
});

test('conformance 9: a retry of the SDK is a request like any other, and each is a call of its own', async () => {
  const tracker = createTestTracker();
  const answers = [429, 503, 200];
  const wire = async () =>
    Response.json(
      { id: 'c', model, choices: [], usage: { prompt_tokens: 1 } },
      { status: answers.shift(), headers: { 'retry-after-ms': '1' } },
    );
  const client = new OpenAI({ apiKey: 'test', maxRetries: 2, fetch: trackedFetch(tracker, { fetch: wire }) });
  await client.chat.completions.create({ model, messages });
  const calls = await tracker.calls();
  expect(calls.map(({ status, httpStatus, usage }) => [status, httpStatus, usage])).toEqual([
    ['error', 429, undefined],
    ['error', 503, undefined],
    ['ok', undefined, { input: 1 }],
  ]);
  expect(new Set(calls.map(({ callId }) => callId)).size).toBe(3);
});

test('conformance 13: a request from a queue outside of the run is of nobody, an explicit one is not', async () => {
  const tracker = createTestTracker();
  const answer = JSON.stringify({ id: 'c', model, choices: [], usage: { prompt_tokens: 1 } });
  const tracked = trackedFetch(tracker, { fetch: answering(answer) });
  const jobs: (() => Promise<unknown>)[] = [];
  tracker.run({ customerId: 'cus_1' }, (context) => {
    for (const fetch of [tracked, context.wrap(tracked)])
      jobs.push(() => new OpenAI({ apiKey: 'test', fetch }).chat.completions.create({ model, messages }));
  });
  for (const job of jobs) await job();
  expect((await tracker.calls()).map(({ customerId }) => customerId)).toEqual([undefined, 'cus_1']);
});

test('conformance 14: no file, header, tool or error text leaves', async () => {
  const canary = 'canary-7f3a';
  const tracker = createTestTracker();
  const failing = async () => Response.json({ error: { message: canary, code: canary } }, { status: 400 });
  const told = JSON.stringify({
    id: 'c',
    model,
    choices: [{ message: { content: canary, tool_calls: [{ function: { arguments: canary } }] } }],
    usage: { prompt_tokens: 1, [canary]: 2 },
  });
  for (const fetch of [answering(told, { 'content-type': 'application/json', 'x-note': canary }), failing]) {
    const tracked = trackedFetch(tracker, { fetch });
    const client = new OpenAI({ apiKey: canary, maxRetries: 0, fetch: tracked });
    await client.chat.completions
      .create(
        {
          model,
          messages: [
            {
              role: 'user',
              content: [{ type: 'image_url', image_url: { url: `data:image/png;base64,${canary}` } }],
            },
          ],
          tools: [{ type: 'function', function: { name: canary } }],
        },
        { headers: { 'x-canary': canary } },
      )
      .catch(() => undefined);
  }
  expect(await tracker.calls()).toHaveLength(2);
  expect(JSON.stringify(tracker.requests())).not.toContain('canary');
});
