import { describe, expect, test, vi } from 'vitest';
import * as z from 'zod';
import { collect } from '../../testing/collect.ts';
import type { FakeReplyFunction } from '../../testing/fake-openai/fake-reply.ts';
import { sdkMajors } from './__fixtures__/sdk-majors.ts';
import { onlyCall, plain, plainUsage, setUp } from './__fixtures__/set-up.ts';

/** Asks for the tool in the first turn, answers in the second; a nested question is answered at once. */
const twoTurns: FakeReplyFunction = ({ body }) => {
  const messages = body['messages'] as readonly { role: string; content: unknown }[];
  const text = JSON.stringify(messages);
  if (text.includes('nested')) return { chunks: ['inner'], usage: { input: 3, output: 1 } };
  const usage = { input: 10, output: 5 };
  return messages.some(({ role }) => role === 'tool')
    ? { chunks: ['done'], usage: { input: 30, output: 2 }, chunkDelayMs: 2 }
    : { toolCalls: [{ name: 'look', arguments: '{"at":"x"}' }], usage, chunkDelayMs: 2 };
};

describe.each(sdkMajors)('conformance 6: agent loops on $name', (major) => {
  const { ai } = major;
  const looking = (execute: () => Promise<string>) => ({
    look: ai.tool({ description: 'Looks.', inputSchema: z.object({ at: z.string() }), execute }),
  });

  test('each step is one call, and a run joins them to one trace', async () => {
    const { model, tracker } = await setUp(major, twoTurns);
    const tools = looking(async () => 'seen');
    const { totalUsage } = await tracker.run({ customerId: 'cus_1' }, () =>
      ai.generateText({ model, tools, prompt: 'Go', stopWhen: ai.stepCountIs(4) }),
    );
    const calls = await tracker.calls();
    expect(calls.map(({ usage }) => usage)).toEqual([
      { input: 10, output: 5 },
      { input: 30, output: 2 },
    ]);
    expect(totalUsage.inputTokens).toBe(40);
    expect(new Set(calls.map(({ traceId }) => traceId)).size).toBe(1);
    expect(new Set(calls.map(({ callId }) => callId)).size).toBe(2);
    expect(calls.every(({ final, customerId }) => final && customerId === 'cus_1')).toBe(true);
  });

  test('each step of a streamed loop is one call', async () => {
    const { model, tracker } = await setUp(major, twoTurns);
    const tools = looking(async () => 'seen');
    const result = ai.streamText({ model, tools, prompt: 'Go', stopWhen: ai.stepCountIs(4) });
    expect(await result.text).toBe('done');
    expect((await tracker.calls()).map(({ usage, complete }) => [usage, complete])).toEqual([
      [{ input: 10, output: 5 }, true],
      [{ input: 30, output: 2 }, true],
    ]);
  });

  test.each(['generateText', 'streamText'] as const)(
    'a call inside of a tool is a call of its own: %s',
    async (name) => {
      const { model, tracker } = await setUp(major, twoTurns);
      const tools = looking(async () => (await ai.generateText({ model, prompt: 'nested' })).text);
      const result = ai[name]({ model, tools, prompt: 'Go', stopWhen: ai.stepCountIs(4) });
      expect(await (await result).text).toBe('done');
      const calls = await tracker.calls();
      expect(calls.map(({ usage }) => usage?.input).sort((a = 0, b = 0) => a - b)).toEqual([3, 10, 30]);
      expect(tracker.stats().unfinished).toBe(0);
    },
  );

  test('an abort between steps leaves the steps that were made, and starts none', async () => {
    const { model, tracker, provider } = await setUp(major, twoTurns);
    const controller = new AbortController();
    const tools = looking(async () => {
      controller.abort();
      return 'seen';
    });
    await expect(
      ai.generateText({
        model,
        tools,
        prompt: 'Go',
        stopWhen: ai.stepCountIs(4),
        abortSignal: controller.signal,
      }),
    ).rejects.toThrow(/abort/i);
    const [first, ...rest] = await tracker.calls();
    expect(first).toMatchObject({ status: 'ok', complete: true, usage: { input: 10, output: 5 } });
    expect(rest.every(({ status, usage }) => status === 'aborted' && !usage)).toBe(true);
    expect(provider.requestCount()).toBe(1);
    expect(tracker.stats().unfinished).toBe(0);
  });

  test('an abort in the middle of a streamed step is recorded with an estimate', async () => {
    const { model, tracker } = await setUp(major, { ...plain, chunkDelayMs: 15 });
    const controller = new AbortController();
    const result = ai.streamText({
      model,
      prompt: 'A question of some length, so that there is something to measure.',
      abortSignal: controller.signal,
      onError: () => undefined,
    });
    for await (const part of result.fullStream) if (part.type === 'text-delta') controller.abort();
    const call = await onlyCall(tracker);
    expect(call).toMatchObject({ status: 'aborted', complete: false, estimate: { method: 'characters' } });
    expect(call.usage).toBeUndefined();
    expect(call.estimate?.usage.input).toBeGreaterThan(10);
    expect(call.estimate?.usage.output).toBeGreaterThan(0);
  });

  test('a text that its reader leaves is read on by the SDK, and the call is whole', async () => {
    const { model, tracker } = await setUp(major, { ...plain, chunkDelayMs: 10 });
    const result = ai.streamText({ model, prompt: 'Hi' });
    for await (const text of result.textStream) if (text) break;
    await vi.waitFor(async () =>
      expect(await onlyCall(tracker)).toMatchObject({ status: 'ok', complete: true, usage: plainUsage }),
    );
  });

  test('an object is a call like any other, streamed or not', async () => {
    const { model, tracker } = await setUp(major, { ...plain, chunks: ['{"at":', '"x"}'] });
    const schema = z.object({ at: z.string() });
    const { object } = await ai.generateObject({ model, schema, prompt: 'Go' });
    const streamed = ai.streamObject({ model, schema, prompt: 'Go' });
    const partial = await collect(streamed.partialObjectStream);
    expect([object, partial.at(-1)]).toEqual([{ at: 'x' }, { at: 'x' }]);
    expect((await tracker.calls()).map(({ usage }) => usage?.input)).toEqual([16, 16]);
  });
});
