import { afterEach, describe, expect, test } from 'vitest';
import { sdkVersions } from '../../providers/openai/__fixtures__/sdk-versions.ts';
import { collect } from '../collect.ts';
import type { FakeReplyFunction } from './fake-reply.ts';
import { startFakeOpenAI, type FakeOpenAI } from './start-fake-openai.ts';

let provider: FakeOpenAI | undefined;
afterEach(async () => {
  await provider?.close();
  provider = undefined;
});

async function start(reply: FakeReplyFunction) {
  provider = await startFakeOpenAI({ reply });
  return provider;
}

const messages = [{ role: 'user' as const, content: 'Hi' }];
const usage = { input: 20, output: 7, cached: 4, reasoning: 3 };

describe.each(sdkVersions)('the fake provider as $name sees it', ({ OpenAI }) => {
  const clientOf = ({ baseURL }: FakeOpenAI) => new OpenAI({ apiKey: 'test', baseURL, maxRetries: 0 });

  test('answers a chat completion with the scripted text and usage', async () => {
    const client = clientOf(await start(() => ({ text: 'Good day.', usage })));
    const completion = await client.chat.completions.create({ model: 'gpt-4o-mini', messages });
    expect(completion.choices[0]?.message.content).toBe('Good day.');
    expect(completion.usage).toEqual({
      prompt_tokens: 20,
      completion_tokens: 7,
      total_tokens: 27,
      prompt_tokens_details: { cached_tokens: 4 },
      completion_tokens_details: { reasoning_tokens: 3 },
    });
  });

  test('streams a usage chunk only when it is asked for', async () => {
    const client = clientOf(await start(() => ({ chunks: ['a', 'b'], usage })));
    const plain = await collect(await client.chat.completions.create({ model: 'm', messages, stream: true }));
    expect(plain.map((chunk) => 'usage' in chunk)).toEqual([false, false, false, false]);
    const asked = await collect(
      await client.chat.completions.create({
        model: 'm',
        messages,
        stream: true,
        stream_options: { include_usage: true },
      }),
    );
    expect(asked.map((chunk) => chunk.usage?.total_tokens ?? chunk.usage)).toEqual([
      null,
      null,
      null,
      null,
      27,
    ]);
  });

  test('streams responses that the SDK helper can assemble', async () => {
    const client = clientOf(await start(() => ({ text: 'One two three.', usage })));
    const final = await client.responses.stream({ model: 'm', input: 'Hi' }).finalResponse();
    expect(final.output).toMatchObject([{ content: [{ text: 'One two three.' }] }]);
    expect(final.usage?.total_tokens).toBe(27);
  });

  test('embeds each input', async () => {
    const client = clientOf(await start(() => ({ usage: { input: 5, output: 0 }, dimensions: 4 })));
    const answer = await client.embeddings.create({ model: 'e', input: ['x', 'y'] });
    expect(answer.data.map((item) => item.embedding.length)).toEqual([4, 4]);
    expect(answer.usage.prompt_tokens).toBe(5);
  });

  test('answers errors, interrupted streams and retrievals of stored responses', async () => {
    const fake = await start(() => ({ failure: { status: 429, code: 'rate_limit_exceeded' } }));
    const client = clientOf(fake);
    await expect(client.chat.completions.create({ model: 'm', messages })).rejects.toMatchObject({
      status: 429,
      code: 'rate_limit_exceeded',
    });

    fake.setReply(() => ({ interrupt: { afterEvents: 2, then: 'error' } }));
    const stream = await client.chat.completions.create({ model: 'm', messages, stream: true });
    await expect(collect(stream)).rejects.toThrow('The server had an error');

    fake.setReply(({ operation }) =>
      operation === 'responses' ? { status: 'queued' } : { status: 'completed', usage },
    );
    const queued = await client.responses.create({ model: 'm', input: 'Hi', background: true });
    expect(queued).toMatchObject({ status: 'queued', usage: null });
    expect(await client.responses.retrieve(queued.id)).toMatchObject({
      status: 'completed',
      background: true,
    });
  });
});

test('counts requests and keeps what they asked', async () => {
  const fake = await start(() => ({}));
  const answer = await fetch(`${fake.baseURL}/nothing`, { method: 'POST' });
  expect(answer.status).toBe(404);
  await fetch(`${fake.baseURL}/chat/completions`, { method: 'POST', body: '{"model":"m"}' });
  expect(fake.requestCount()).toBe(2);
  expect(fake.requests()).toMatchObject([{ operation: 'chat', body: { model: 'm' }, index: 1 }]);
});
