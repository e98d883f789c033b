import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { wrapOpenAI } from '../providers/openai/index.ts';
import { createTestTracker } from '../testing/create-test-tracker.ts';
import { startFakeOpenAI, type FakeOpenAI } from '../testing/fake-openai/start-fake-openai.ts';

let provider: FakeOpenAI;
beforeAll(async () => {
  provider = await startFakeOpenAI({
    reply: () => ({ text: 'Hello there.', usage: { input: 9, output: 2 } }),
  });
});
afterAll(() => provider.close());

/** A client under an instrumentation that listens to the promise itself, as OpenTelemetry's own does. */
function instrumented(): OpenAI {
  const client = new OpenAI({ apiKey: 'sk-test', baseURL: provider.baseURL, maxRetries: 0 });
  const { completions } = client.chat;
  const create = completions.create.bind(completions) as (...given: unknown[]) => Promise<unknown>;
  completions.create = ((...given: unknown[]) => {
    const promise = create(...given);
    promise.then(
      () => undefined,
      () => undefined,
    );
    return promise;
  }) as never;
  return client;
}

const request = { model: 'gpt-4o-mini', messages: [{ role: 'user' as const, content: 'Hello.' }] };
const usage = { input: 9, output: 2 };

describe('a call under an instrumentation that has asked for the value already', () => {
  test('is answered and counted', async () => {
    const tracker = createTestTracker();
    const openai = wrapOpenAI(instrumented(), tracker, { requestUsage: true });
    const answer = await openai.chat.completions.create(request);
    expect(answer.choices[0]?.message.content).toBe('Hello there.');
    expect(await tracker.calls()).toMatchObject([{ status: 'ok', complete: true, usage }]);
  });

  test('streams and is counted', async () => {
    const tracker = createTestTracker();
    const openai = wrapOpenAI(instrumented(), tracker, { requestUsage: true });
    let text = '';
    for await (const chunk of await openai.chat.completions.create({ ...request, stream: true })) {
      text += chunk.choices[0]?.delta.content ?? '';
    }
    expect(text).toBe('Hello there.');
    expect(await tracker.calls()).toMatchObject([{ status: 'ok', complete: true, usage }]);
  });

  test('is answered together with its response', async () => {
    const tracker = createTestTracker();
    const openai = wrapOpenAI(instrumented(), tracker);
    const { data, response } = await openai.chat.completions.create(request).withResponse();
    expect(data.choices).toHaveLength(1);
    expect(response.status).toBe(200);
    expect(await tracker.calls()).toMatchObject([{ usage }]);
  });

  test('fails as it would, and is counted as failed', async () => {
    const tracker = createTestTracker();
    provider.setReply(() => ({ failure: { status: 400 } }));
    const openai = wrapOpenAI(instrumented(), tracker);
    await expect(openai.chat.completions.create(request)).rejects.toMatchObject({ status: 400 });
    expect(await tracker.calls()).toMatchObject([
      { status: 'error', errorClass: 'http_400', httpStatus: 400 },
    ]);
  });
});
