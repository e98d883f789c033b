import { HumanMessage, ToolMessage, type BaseMessage } from '@langchain/core/messages';
import { describe, expect, test } from 'vitest';
import { collect } from '../../testing/collect.ts';
import type { FakeReply } from '../../testing/fake-openai/fake-reply.ts';
import { onlyCall, plain, plainUsage, setUp } from './__fixtures__/set-up.ts';

describe('conformance 2: the Responses API', () => {
  test.each(['completed', 'incomplete'] as const)(
    'an answer that is %s is counted with its usage, streamed or not',
    async (status) => {
      const { model, handler, tracker } = await setUp({ ...plain, status }, { useResponsesApi: true });
      await model.invoke('Hi', { callbacks: [handler] });
      await collect(await model.stream('Hi', { callbacks: [handler] }));
      const calls = await tracker.calls();
      expect(calls.map(({ usage }) => usage)).toEqual([plainUsage, plainUsage]);
      expect(calls.every(({ responseId }) => /^resp_/.test(responseId ?? ''))).toBe(true);
    },
  );
});

const look: FakeReply = {
  toolCalls: [{ name: 'look', arguments: '{"at":"it"}' }],
  usage: { input: 10, output: 5 },
};

describe('conformance 6: a loop of several steps', () => {
  /** What an agent of LangChain does: ask, run the tools, ask again. */
  async function loop(
    { model, handler }: Pick<Awaited<ReturnType<typeof setUp>>, 'model' | 'handler'>,
    between: () => void = () => undefined,
    signal?: AbortSignal,
  ): Promise<string> {
    const bound = model.bindTools([
      { type: 'function', function: { name: 'look', parameters: { type: 'object', properties: {} } } },
    ]);
    const messages: BaseMessage[] = [new HumanMessage('Go')];
    for (let step = 0; step < 4; step++) {
      const answer = await bound.invoke(messages, { callbacks: [handler], ...(signal && { signal }) });
      messages.push(answer);
      const [call] = answer.tool_calls ?? [];
      if (!call) return answer.text;
      messages.push(new ToolMessage({ content: 'seen', tool_call_id: call.id ?? '' }));
      between();
    }
    throw new Error('The loop has no end.');
  }

  test('is one call a step, in one trace', async () => {
    const { model, handler, tracker } = await setUp(({ index }) => (index < 2 ? look : plain));
    expect(await tracker.run({ flow: 'agent' }, () => loop({ model, handler }))).toBe('one two');
    const calls = await tracker.calls();
    expect(calls.map(({ usage, flow }) => [flow, usage?.output])).toEqual([
      ['agent', 5],
      ['agent', 5],
      ['agent', 7],
    ]);
    expect(new Set(calls.map(({ callId }) => callId)).size).toBe(3);
    expect(new Set(calls.map(({ traceId }) => traceId)).size).toBe(1);
  });

  test('that is aborted between steps leaves the steps that were made', async () => {
    const { model, handler, tracker, provider } = await setUp(look);
    const controller = new AbortController();
    const made = loop({ model, handler }, () => controller.abort(), controller.signal);
    await expect(made).rejects.toThrow();
    const [first, ...rest] = await tracker.calls();
    expect(first).toMatchObject({ status: 'ok', complete: true, usage: { input: 10, output: 5 } });
    expect(rest.every(({ status, usage }) => status === 'aborted' && usage === undefined)).toBe(true);
    expect(provider.requestCount()).toBe(1);
    expect(tracker.stats().unfinished).toBe(0);
  });
});

describe('conformance 8: ways to take an answer', () => {
  test('both branches of a tee get everything, and the call is counted once', async () => {
    const { model, handler, tracker } = await setUp();
    const stream = await model.stream('Hi', { callbacks: [handler] });
    const [left, right] = stream.tee();
    const [these, those] = await Promise.all([collect(left), collect(right)]);
    expect(these.map(({ text }) => text).join('')).toBe('one two');
    expect(those).toEqual(these);
    expect((await onlyCall(tracker)).usage).toEqual(plainUsage);
  });

  test('a stream that is cancelled is one call, and told at shutdown', async () => {
    const { model, handler, tracker } = await setUp({ ...plain, chunkDelayMs: 20 });
    const stream = await model.stream('Hi', { callbacks: [handler] });
    await stream.cancel();
    await tracker.shutdown();
    expect((await onlyCall(tracker)).complete).toBe(false);
  });
});

test('conformance 9: an error in the middle of a stream reaches the host and is recorded', async () => {
  const { model, handler, tracker } = await setUp({ ...plain, interrupt: { afterEvents: 2, then: 'error' } });
  const reading = async () => collect(await model.stream('Hi', { callbacks: [handler] }));
  await expect(reading()).rejects.toThrow('The server had an error');
  expect(await onlyCall(tracker)).toMatchObject({ status: 'error', complete: false });
  expect(JSON.stringify(tracker.requests())).not.toContain('The server had');
});

test('conformance 15: a handler answers in the turn in which it is asked', async () => {
  const { handler, tracker } = await setUp();
  const started: unknown = handler.handleChatModelStart({}, [['Hi']], 'run', undefined, {}, [], {
    ls_provider: 'openai',
  });
  expect(started).toBeUndefined();
  expect(handler.handleLLMNewToken('x', {}, 'run', undefined, [], {})).toBeUndefined();
  expect(handler.handleLLMEnd({ generations: [] }, 'run')).toBeUndefined();
  await onlyCall(tracker);
});
