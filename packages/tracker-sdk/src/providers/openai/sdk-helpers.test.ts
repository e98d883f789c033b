import { describe, expect, test } from 'vitest';
import { sdkVersions } from './__fixtures__/sdk-versions.ts';
import { messages, model, onlyCall, plain, setUp, usage } from './__fixtures__/set-up.ts';

describe.each(sdkVersions)('conformance 8: helpers of the SDK on $name', ({ OpenAI }) => {
  test('chat.completions.stream flows through, with its final message', async () => {
    const { client, tracker } = await setUp(OpenAI);
    const final = await client.chat.completions.stream({ model, messages }).finalChatCompletion();
    expect(final.choices[0]?.message.content).toBe('one two');
    expect(await onlyCall(tracker)).toMatchObject({ operation: 'chat', usage: { input: 16 } });
  });

  test('chat.completions.parse flows through and still parses', async () => {
    const { client, tracker } = await setUp(OpenAI, { text: '{"sum":3}', usage });
    const schema = { name: 'sum', strict: true, schema: { type: 'object' } };
    const completion = await client.chat.completions.parse({
      model,
      messages,
      response_format: { type: 'json_schema', json_schema: schema },
    });
    expect(completion.choices[0]?.message.content).toBe('{"sum":3}');
    await onlyCall(tracker);
  });

  test('conformance 6: runTools makes one call a turn, all in the run it was started in', async () => {
    const { client, tracker } = await setUp(OpenAI, ({ index }) =>
      index === 0 ? { toolCalls: [{ name: 'add', arguments: '{"a":1}' }], usage } : plain,
    );
    const seen: string[] = [];
    const runner = tracker.run({ flow: 'tools' }, () =>
      client.chat.completions.runTools({
        model,
        messages,
        tools: [
          {
            type: 'function',
            function: {
              name: 'add',
              description: 'Adds.',
              parameters: { type: 'object', properties: {} },
              function: (text: string) => {
                seen.push(text);
                return 'done';
              },
            },
          },
        ],
      }),
    );
    expect(await runner.finalContent()).toBe('one two');
    expect(seen).toEqual(['{"a":1}']);
    const calls = await tracker.calls();
    expect(calls.map((call) => call.flow)).toEqual(['tools', 'tools']);
    expect(new Set(calls.map((call) => call.traceId)).size).toBe(1);
  });

  test('conformance 6: runTools that is aborted between turns leaves the turn that was made', async () => {
    const { client, tracker, provider } = await setUp(OpenAI, {
      toolCalls: [{ name: 'stop', arguments: '{}' }],
      usage,
    });
    const controller = new AbortController();
    const runner = client.chat.completions.runTools(
      {
        model,
        messages,
        tools: [
          {
            type: 'function',
            function: {
              name: 'stop',
              description: 'Stops.',
              parameters: { type: 'object', properties: {} },
              function: () => controller.abort(),
            },
          },
        ],
      },
      { signal: controller.signal },
    );
    await expect(runner.done()).rejects.toThrow();
    const [first, ...rest] = await tracker.calls();
    expect(first).toMatchObject({ status: 'ok', complete: true, usage: { input: 16, output: 7 } });
    expect(rest.every((call) => call.status === 'aborted' && call.usage === undefined)).toBe(true);
    expect(provider.requestCount()).toBe(1);
    expect(tracker.stats().unfinished).toBe(0);
  });

  test('responses.stream and responses.parse flow through', async () => {
    const { client, tracker } = await setUp(OpenAI);
    const final = await client.responses.stream({ model, input: 'Hi' }).finalResponse();
    expect(final.usage?.total_tokens).toBe(27);
    const parsed = await client.responses.parse({ model, input: 'Hi' });
    expect(parsed.output_text).toBe('one two');
    const calls = await tracker.calls();
    expect(calls.map((call) => [call.operation, call.usage?.input])).toEqual([
      ['responses', 16],
      ['responses', 16],
    ]);
  });

  test('a client from withOptions is tracked like the one it came from, once', async () => {
    const { client, tracker } = await setUp(OpenAI);
    await client
      .withOptions({ timeout: 5000 })
      .withOptions({ maxRetries: 0 })
      .chat.completions.create({ model, messages });
    expect(await onlyCall(tracker)).toMatchObject({ provider: 'openai' });
  });

  test('embeddings are still decoded', async () => {
    const { client, tracker } = await setUp(OpenAI, { usage: { input: 5, output: 0 }, dimensions: 4 });
    const answer = await client.embeddings.create({ model: 'text-embedding-3-small', input: ['a', 'b'] });
    expect(answer.data.map(({ embedding }) => Array.from(embedding))).toEqual(
      Array.from({ length: 2 }, () => [1 / 64, 2 / 64, 3 / 64, 4 / 64]),
    );
    expect(await onlyCall(tracker)).toMatchObject({ operation: 'embeddings', usage: { input: 5 } });
  });
});
