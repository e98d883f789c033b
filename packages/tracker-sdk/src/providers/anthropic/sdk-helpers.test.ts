import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { CallRecorder } from '../../observe/call-recorder.ts';
import { collect } from '../../testing/collect.ts';
import { newestAnthropic, sdkVersions } from './__fixtures__/sdk-versions.ts';
import { body, counted, onlyCall, plain, setUp, streamed, usage } from './__fixtures__/set-up.ts';
import { wrapAnthropic } from './wrap-anthropic.ts';

const hi = { role: 'user' as const, content: 'Hi' };
const callsAdd = { toolUses: [{ name: 'add', input: { a: 1 } }], usage };

function addTool(seen: unknown[]) {
  return {
    type: 'custom' as const,
    name: 'add',
    description: 'Adds.',
    input_schema: { type: 'object' as const, properties: {} },
    parse: (input: unknown) => input,
    run: (input: unknown) => {
      seen.push(input);
      return 'done';
    },
  };
}

describe.each(sdkVersions)('conformance 8: helpers of the SDK on $name', ({ Anthropic }) => {
  test('messages.stream flows through, with its listeners and its final message', async () => {
    const { client, tracker } = await setUp(Anthropic);
    const texts: string[] = [];
    const stream = client.messages.stream(body).on('text', (text) => texts.push(text));
    const final = await stream.finalMessage();
    expect(texts).toEqual(['one ', 'two']);
    expect(final.usage).toMatchObject(usage);
    expect(await onlyCall(tracker)).toMatchObject({ operation: 'chat', complete: true, usage: counted });
  });

  test('messages.stream can be iterated, with and without beta', async () => {
    const { client, tracker } = await setUp(Anthropic);
    expect(await collect(client.messages.stream(body))).toHaveLength(7);
    expect(await collect(client.beta.messages.stream(body))).toHaveLength(7);
    expect((await tracker.calls()).map((call) => call.usage)).toEqual([counted, counted]);
  });

  test('a helper that is aborted is an aborted call', async () => {
    const { client, tracker } = await setUp(Anthropic, {
      ...plain,
      interrupt: { afterEvents: 4, then: 'hang' },
    });
    const stream = client.messages.stream(body);
    stream.on('text', () => stream.abort());
    await expect(stream.finalMessage()).rejects.toThrow('aborted');
    expect(await onlyCall(tracker)).toMatchObject({ status: 'aborted', usage: { input: 16, cacheRead: 4 } });
  });

  test('a helper that is left in the middle is an aborted call', async () => {
    const { client, tracker } = await setUp(Anthropic, {
      ...plain,
      interrupt: { afterEvents: 4, then: 'hang' },
    });
    for await (const event of client.messages.stream(body)) if (event.type === 'content_block_delta') break;
    await expect.poll(async () => (await tracker.calls()).length).toBe(1);
    expect(await onlyCall(tracker)).toMatchObject({ status: 'aborted', usage: { input: 16, cacheRead: 4 } });
  });

  test('counting tokens is no call', async () => {
    const { client, tracker } = await setUp(Anthropic);
    expect((await client.messages.countTokens(body)).input_tokens).toBe(12);
    expect(await tracker.calls()).toEqual([]);
  });

  test('a client from withOptions is tracked like the one it came from, once', async () => {
    const { client, tracker } = await setUp(Anthropic);
    await client.withOptions({ timeout: 5000 }).withOptions({ maxRetries: 0 }).messages.create(body);
    expect(await onlyCall(tracker)).toMatchObject({ provider: 'anthropic', usage: counted });
  });

  test('conformance 15: nothing is waited for before the request goes out', async () => {
    const { client, bare } = await setUp(Anthropic);
    async function turnsBeforeFetch(of: typeof client): Promise<number> {
      let turns = 0;
      let fetched: () => void = () => undefined;
      const gone = new Promise<void>((resolve) => (fetched = resolve));
      let waiting = true;
      const answer = of
        .withOptions({
          fetch: async () => {
            waiting = false;
            fetched();
            return Response.json({ type: 'message', content: [] });
          },
        })
        .messages.create(body);
      while (waiting && turns < 10_000) {
        await undefined;
        turns++;
      }
      await gone;
      await answer;
      return turns;
    }
    expect(await turnsBeforeFetch(client)).toBe(await turnsBeforeFetch(bare));
  });

  test('a call waits for its budgets, and goes out once they admit it, retries included', async () => {
    const { bare, tracker } = await setUp(Anthropic, ({ index }) =>
      index ? plain : { failure: { status: 429, headers: { 'retry-after-ms': '1' } } },
    );
    let asked = 0;
    const admit: CallRecorder['admit'] = async () => void asked++;
    const client = wrapAnthropic(bare, { recorder: { ...tracker.recorder, admit } });
    await client.messages.create(body);
    expect(asked).toBe(1);
    expect((await tracker.calls()).map((call) => call.final).sort()).toEqual([false, true]);
  });

  test('a call that budgets refuse is not made and leaves no event, and the host gets the error', async () => {
    const { bare, tracker, provider } = await setUp(Anthropic);
    const refusal = new Error('over budget');
    const client = wrapAnthropic(bare, {
      recorder: { ...tracker.recorder, admit: () => Promise.reject(refusal) },
    });
    await expect(client.messages.create(body)).rejects.toBe(refusal);
    await expect(client.messages.create(streamed)).rejects.toBe(refusal);
    expect(provider.requests()).toEqual([]);
    expect(await tracker.calls()).toEqual([]);
    expect(tracker.stats().unfinished).toBe(0);
  });
});

describe('what only older SDKs have', () => {
  test('legacy completions are counted, without usage because none is told', async () => {
    const { client, tracker } = await setUp(sdkVersions[0]?.Anthropic ?? newestAnthropic);
    const legacy = client as unknown as {
      completions: {
        create(body: object): Promise<{ completion: string }> & Promise<AsyncIterable<unknown>>;
      };
    };
    const request = { model: 'claude-2.1', prompt: 'Hi', max_tokens_to_sample: 9 };
    expect((await legacy.completions.create(request)).completion).toBe('one two');
    await collect(await legacy.completions.create({ ...request, stream: true }));
    const calls = await tracker.calls();
    expect(calls).toHaveLength(2);
    for (const call of calls) {
      expect(call).toMatchObject({ operation: 'text_completion', status: 'ok', complete: true });
      expect(call.usage).toBeUndefined();
    }
  });
});

describe('what only newer SDKs have', () => {
  test.each([false, true])(
    'conformance 6: toolRunner makes one call a turn, all in its run (streamed: %s)',
    async (stream) => {
      const { client, tracker } = await setUp(newestAnthropic, ({ index }) => (index ? plain : callsAdd));
      const seen: unknown[] = [];
      const message = await tracker.run({ flow: 'tools' }, async () => {
        const runner = client.beta.messages.toolRunner({ ...body, tools: [addTool(seen)], stream });
        for await (const turn of runner) if (stream) await collect(turn as unknown as AsyncIterable<unknown>);
        return runner.done();
      });
      expect(message.content).toMatchObject([{ text: 'one two' }]);
      expect(seen).toEqual([{ a: 1 }]);
      const calls = await tracker.calls();
      expect(calls.map((call) => [call.flow, call.usage, call.complete])).toEqual([
        ['tools', counted, true],
        ['tools', counted, true],
      ]);
      expect(new Set(calls.map((call) => call.traceId)).size).toBe(1);
      expect(tracker.stats().unfinished).toBe(0);
    },
  );

  test('conformance 6: a toolRunner that is left between turns leaves the turn that was made', async () => {
    let asked = 0;
    const { client, tracker } = await setUp(newestAnthropic, ({ index }) => {
      asked = index + 1;
      return callsAdd;
    });
    const seen: unknown[] = [];
    for await (const turn of client.beta.messages.toolRunner({ ...body, tools: [addTool(seen)] }))
      if (turn) break;
    expect(await onlyCall(tracker)).toMatchObject({ status: 'ok', complete: true, usage: counted });
    expect(asked).toBe(1);
    expect(tracker.stats().unfinished).toBe(0);
  });

  test('messages.parse flows through and still parses', async () => {
    const { client, tracker } = await setUp(newestAnthropic, { chunks: ['{"sum":3}'], usage });
    const format = {
      type: 'json_schema' as const,
      schema: { type: 'object' },
      parse: (text: string) => text,
    };
    const message = await client.messages.parse({ ...body, output_config: { format } });
    expect(message.content).toMatchObject([{ text: '{"sum":3}' }]);
    expect(await onlyCall(tracker)).toMatchObject({ usage: counted });
  });

  test('a thread is one call a turn, streamed or not', async () => {
    const { client, tracker } = await setUp(newestAnthropic);
    const thread = client.beta.messages.thread({ model: body.model, max_tokens: 64 });
    await thread.send(hi);
    const events = await collect(thread.stream(hi));
    expect(events).toHaveLength(7);
    const calls = await tracker.calls();
    expect(calls.map((call) => [call.usage, call.complete])).toEqual([
      [counted, true],
      [counted, true],
    ]);
  });

  test('a stream of a thread that is aborted or breaks ends its call', async () => {
    const { client, tracker } = await setUp(newestAnthropic, ({ index }) => ({
      ...plain,
      interrupt: { afterEvents: 4, then: index ? 'error' : 'hang' },
    }));
    const thread = client.beta.messages.thread({ model: body.model, max_tokens: 64 });
    const stream = thread.stream(hi);
    stream.on('text', () => stream.abort());
    await expect(stream.finalMessage()).rejects.toThrow('aborted');
    const other = client.beta.messages.thread({ model: body.model, max_tokens: 64 });
    await expect(other.stream(hi).finalMessage()).rejects.toThrow('Overloaded');
    await expect.poll(async () => (await tracker.calls()).length).toBe(2);
    const calls = await tracker.calls();
    expect(calls.map((call) => [call.status, call.errorClass, call.usage])).toEqual([
      ['aborted', 'aborted', { input: 16, cacheRead: 4 }],
      ['error', 'overloaded_error', { input: 16, cacheRead: 4 }],
    ]);
  });

  test('a turn that fails is handled by the thread, and raises no warning', async () => {
    const { client, tracker } = await setUp(newestAnthropic, { failure: { status: 400 } });
    const reported: unknown[] = [];
    const note = (error: unknown): void => void reported.push(error);
    process.on('unhandledRejection', note);
    onTestFinished(() => void process.off('unhandledRejection', note));
    const thread = client.beta.messages.thread({ model: body.model, max_tokens: 64 });
    await expect(thread.send(hi)).rejects.toThrow('400');
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(reported).toEqual([]);
    expect(await onlyCall(tracker)).toMatchObject({ status: 'error', httpStatus: 400 });
  });

  test('the spans that the SDK makes by itself stay as they are', async () => {
    async function spans(wrapped: boolean) {
      const exporter = new InMemorySpanExporter();
      const tracerProvider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
      const { client, bare } = await setUp(newestAnthropic, { ...plain, id: 'msg_1' });
      const traced = (wrapped ? client : bare).withOptions({ openTelemetry: { tracerProvider } });
      await traced.messages.create(body);
      await collect(await traced.messages.create(streamed));
      return exporter.getFinishedSpans().map(({ name, attributes }) => {
        // Ports and times differ from run to run.
        const stable = Object.entries(attributes).filter(([key]) => !/port|url|time/.test(key));
        return { name, attributes: Object.fromEntries(stable), keys: Object.keys(attributes) };
      });
    }
    const expected = await spans(false);
    expect(expected).toHaveLength(2);
    expect(JSON.stringify(expected)).toContain('gen_ai.usage.output_tokens');
    expect(await spans(true)).toEqual(expected);
  });
});
