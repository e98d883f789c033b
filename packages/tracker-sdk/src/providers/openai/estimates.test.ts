import { describe, expect, test } from 'vitest';
import type { LlmCallEvent } from '@tallykit/protocol';
import { createTestTracker, type TestTrackerOptions } from '../../testing/create-test-tracker.ts';
import type { FakeReply } from '../../testing/fake-openai/fake-reply.ts';
import { startFakeOpenAI } from '../../testing/fake-openai/start-fake-openai.ts';
import { type OpenAIConstructor, sdkVersions } from './__fixtures__/sdk-versions.ts';
import { messages, model, onlyCall } from './__fixtures__/set-up.ts';
import { writtenInChunk, writtenInEvent } from './read-written.ts';
import { wrapOpenAI } from './wrap-openai.ts';

type Client = InstanceType<OpenAIConstructor>;

/** Leaves a stream after some items, and gives the one call that it was. */
async function leave(
  OpenAI: OpenAIConstructor,
  given: { readonly reply: FakeReply; readonly options?: TestTrackerOptions; readonly after: number },
  open: (client: Client) => PromiseLike<AsyncIterable<unknown>>,
): Promise<LlmCallEvent> {
  const provider = await startFakeOpenAI({ reply: () => ({ ...given.reply, chunkDelayMs: 2 }) });
  const tracker = createTestTracker(given.options);
  const client = wrapOpenAI(new OpenAI({ apiKey: 'test', baseURL: provider.baseURL }), tracker, {
    provider: 'openai',
    requestUsage: true,
  });
  let seen = 0;
  for await (const item of await open(client)) if (item && ++seen === given.after) break;
  const call = await onlyCall(tracker);
  expect(JSON.stringify(tracker.requests())).not.toContain('canary');
  await provider.close();
  await tracker.shutdown();
  return call;
}

const chunks = ['canary ab', 'canary cd', 'canary ef', 'canary gh'];
const usage = { input: 20, output: 7 };
const chat = (client: Client) => client.chat.completions.create({ model, messages, stream: true });

describe.each(sdkVersions)('a stream that is left on $name', ({ OpenAI }) => {
  test('is estimated by what passed by, beside usage that stays absent', async () => {
    // The first chunk says the role; the two after it hold 18 characters.
    const call = await leave(OpenAI, { reply: { chunks, usage }, after: 3 }, chat);
    expect(call).toMatchObject({ status: 'aborted', complete: false });
    expect(call.usage).toBeUndefined();
    expect(call.estimate?.method).toBe('characters');
    expect(call.estimate?.usage.output).toBe(5);
    expect(call.estimate?.usage.input).toBeGreaterThan(0);
  });

  test('is estimated by the tokenizer that the host gave', async () => {
    const options = { countTokens: (text: string) => text.length };
    const call = await leave(OpenAI, { reply: { chunks, usage }, options, after: 3 }, chat);
    expect(call.estimate).toMatchObject({ method: 'tokenizer', usage: { output: 18 } });
  });

  test.each(['max_tokens', 'max_completion_tokens'])('is estimated at most at %s', async (limit) => {
    const call = await leave(OpenAI, { reply: { chunks, usage }, after: 3 }, (client) =>
      client.chat.completions.create({ model, messages, stream: true, [limit]: 2 } as Parameters<
        typeof client.chat.completions.create
      >[0] & { stream: true }),
    );
    expect(call.estimate?.usage.output).toBe(2);
  });

  test('counts the arguments of tools as written', async () => {
    const reply = { toolCalls: [{ name: 'add', arguments: '{"canary":"12345"}' }], usage };
    const call = await leave(OpenAI, { reply, after: 3 }, chat);
    expect(call.estimate?.usage.output).toBe(Math.ceil('{"canary":"12345"}'.length / 4));
  });

  test('counts the text of a response once, though its last events repeat it', async () => {
    // Everything but the event that completes the response: created, in progress, two added, four deltas, three done.
    const call = await leave(OpenAI, { reply: { chunks, usage }, after: 11 }, (client) =>
      client.responses.create({ model, input: 'Hi', stream: true, max_output_tokens: 50 }),
    );
    expect(call).toMatchObject({ operation: 'responses', status: 'aborted' });
    expect(call.usage).toBeUndefined();
    expect(call.estimate?.usage.output).toBe(9);
  });

  test('is not estimated before anything came', async () => {
    const provider = await startFakeOpenAI({ reply: () => ({ failure: { status: 400 } }) });
    const tracker = createTestTracker();
    const client = wrapOpenAI(new OpenAI({ apiKey: 'test', baseURL: provider.baseURL }), tracker);
    await client.chat.completions.create({ model, messages, stream: true }).catch(() => undefined);
    expect((await onlyCall(tracker)).estimate).toBeUndefined();
    await provider.close();
  });
});

describe('what the model wrote', () => {
  test.each([
    ['text', { choices: [{ delta: { content: 'abc' } }] }, 'abc'],
    ['reasoning', { choices: [{ delta: { content: '', reasoning: 'why' } }] }, 'why'],
    ['reasoning under two names', { choices: [{ delta: { reasoning: 'a', reasoning_content: 'a' } }] }, 'a'],
    ['reasoning under its other name', { choices: [{ delta: { reasoning_content: 'b' } }] }, 'b'],
    ['a refusal', { choices: [{ delta: { refusal: 'no' } }] }, 'no'],
    [
      'arguments of two tools',
      {
        choices: [
          { delta: { tool_calls: [{ function: { arguments: '{' } }, { function: { arguments: '}' } }] } },
        ],
      },
      '{}',
    ],
    ['text of a legacy completion', { choices: [{ text: 'abc' }] }, 'abc'],
    [
      'each of several choices',
      { choices: [{ delta: { content: 'a' } }, { delta: { content: 'b' } }] },
      'ab',
    ],
    ['nothing in a usage chunk', { choices: [], usage: {} }, ''],
    ['nothing in sound', { choices: [{ delta: { audio: { data: 'AAAA' } } }] }, ''],
    ['nothing in what is no chunk', {}, ''],
  ])('in a chunk is %s', (_, chunk, written) => {
    expect(writtenInChunk(chunk)).toBe(written);
  });

  test.each([
    ['response.output_text.delta', { delta: 'abc' }, 'abc'],
    ['response.reasoning_text.delta', { delta: 'abc' }, 'abc'],
    ['response.function_call_arguments.delta', { delta: '{}' }, '{}'],
    ['response.output_text.done', { text: 'abc' }, ''],
    ['response.function_call_arguments.done', { arguments: '{}' }, ''],
    ['response.audio.delta', { delta: 'AAAA' }, ''],
    ['response.output_audio.delta', { delta: 'AAAA' }, ''],
    ['response.content_part.added', { part: { text: 'abc' } }, ''],
    ['unheard.delta', { delta: { text: 'abc' } }, ''],
  ])('in the event %s is told once', (type, rest, written) => {
    expect(writtenInEvent({ type, ...rest })).toBe(written);
  });
});
