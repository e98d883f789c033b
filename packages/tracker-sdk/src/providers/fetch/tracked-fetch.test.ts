import OpenAI from 'openai';
import { describe, expect, test, vi } from 'vitest';
import type { CallSource } from '../../observe/call-recorder.ts';
import { collect } from '../../testing/collect.ts';
import { createTestTracker } from '../../testing/create-test-tracker.ts';
import { startFakeOpenAI } from '../../testing/fake-openai/start-fake-openai.ts';
import { onlyCall, plain } from '../openai/__fixtures__/set-up.ts';
import { sdkVersions } from '../openai/__fixtures__/sdk-versions.ts';
import { wrapOpenAI } from '../openai/wrap-openai.ts';
import { answering, asked, chat } from './__fixtures__/answering.ts';
import { reaching } from './__fixtures__/open-driver.ts';
import { type Fetch, trackedFetch } from './tracked-fetch.ts';

const completion = JSON.stringify({
  id: 'chatcmpl_1',
  model: 'gpt-4o-mini',
  choices: [{ message: { content: 'canary' } }],
  usage: { prompt_tokens: 20, completion_tokens: 7, total_tokens: 27 },
});

describe('what is no call of a model', () => {
  test('passes untouched: the same request, the same response', async () => {
    const tracker = createTestTracker();
    const response = new Response('x');
    const seen: unknown[][] = [];
    const tracked = trackedFetch(tracker, {
      fetch: async (...parameters) => {
        seen.push(parameters);
        return response;
      },
    });
    const init = { method: 'POST', body: 'x' };
    expect(await tracked('https://example.com/', init)).toBe(response);
    expect(await tracked(new URL('https://api.openai.com/v1/models'))).toBe(response);
    expect(await tracked('/relative')).toBe(response);
    expect(await tracked('https://llm.example.com/v1/chat/completions', init)).toBe(response);
    expect(await tracked(chat, { method: 'GET' })).toBe(response);
    expect(seen[0]?.[1]).toBe(init);
    expect(await tracker.calls()).toHaveLength(0);
    expect(tracker.stats()).toMatchObject({ unfinished: 0, lost: {} });
  });
});

describe('a response', () => {
  test('keeps all that it tells, also its clone', async () => {
    const provider = await startFakeOpenAI({ reply: () => ({ ...plain, headers: { 'x-mine': '1' } }) });
    const tracker = createTestTracker();
    const address = `${provider.baseURL}/chat/completions`;
    const bare = await fetch(address, asked({}));
    const given = await trackedFetch(tracker)(address, asked({}));
    expect(given).toBeInstanceOf(Response);
    for (const response of [given, given.clone()]) {
      const { url, status, statusText, ok, redirected, type, bodyUsed } = response;
      expect({ url, status, statusText, ok, redirected, type, bodyUsed }).toEqual({
        url: bare.url,
        status: 200,
        statusText: 'OK',
        ok: true,
        redirected: false,
        type: bare.type,
        bodyUsed: false,
      });
      expect([...response.headers.keys()]).toEqual([...bare.headers.keys()]);
      expect(response.headers.get('x-mine')).toBe('1');
    }
    const copy = given.clone();
    expect(await given.json()).toMatchObject({ object: 'chat.completion' });
    expect(await copy.json()).toMatchObject({ object: 'chat.completion' });
    expect(given.bodyUsed).toBe(true);
    expect(await onlyCall(tracker)).toMatchObject({ provider: '127.0.0.1', usage: { input: 16, output: 7 } });
    await provider.close();
  });

  test('of an error, and one of sound, are the ones that came', async () => {
    const tracker = createTestTracker();
    const refusal = new Response('{}', { status: 429, headers: { 'x-request-id': 'req_1' } });
    expect(await trackedFetch(tracker, { fetch: async () => refusal })(chat, asked({}))).toBe(refusal);
    const sound = new Response('RIFF', { headers: { 'content-type': 'audio/mpeg' } });
    const speech = 'https://api.openai.com/v1/audio/speech';
    expect(await trackedFetch(tracker, { fetch: async () => sound })(speech, asked({ input: 'Hi' }))).toBe(
      sound,
    );
    expect(await tracker.calls()).toMatchObject([
      { status: 'error', httpStatus: 429, errorClass: 'http_429', providerIds: { requestId: 'req_1' } },
      { operation: 'speech', status: 'ok', complete: true, usage: { characters: 2 } },
    ]);
  });

  test('that the platform cannot make again is the one that came, and its call has no usage', async () => {
    const tracker = createTestTracker();
    const foreign = {
      ok: true,
      status: 200,
      headers: new Headers({ 'content-type': 'application/json' }),
      body: { pipe: () => undefined },
    } as unknown as Response;
    expect(await trackedFetch(tracker, { fetch: async () => foreign })(chat, asked({}))).toBe(foreign);
    expect(await onlyCall(tracker)).toMatchObject({ complete: false, errorClass: 'usage_absent' });
    expect(tracker.stats().lost).toEqual({ unsupported_sdk: 1 });
  });

  test('with a body that is no JSON reaches the host as it is', async () => {
    const tracker = createTestTracker();
    const response = await trackedFetch(tracker, { fetch: answering('{"id":') })(chat, asked({}));
    await expect(response.json()).rejects.toThrow(SyntaxError);
    expect(await onlyCall(tracker)).toMatchObject({ complete: false, errorClass: 'usage_absent' });
  });

  test('conformance 8: that is left is an aborted call, and its source is told', async () => {
    const tracker = createTestTracker();
    let reason: unknown;
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new TextEncoder().encode('data: {"choices":[]}\n\n')),
      cancel: (given) => void (reason = given),
    });
    const tracked = trackedFetch(tracker, {
      fetch: answering(body, { 'content-type': 'text/event-stream' }),
    });
    const reader = (await tracked(chat, asked({ stream: true }))).body?.getReader();
    await reader?.read();
    await reader?.cancel('enough');
    expect(reason).toBe('enough');
    expect(await onlyCall(tracker)).toMatchObject({ status: 'aborted', complete: false });
  });
});

describe('a stream', () => {
  test('conformance 15: is passed on piece by piece: nothing is kept, nothing is read ahead', async () => {
    const pulls = 100;
    const chunksPerPull = 500;
    const chunk = { id: 'c', model: 'm', choices: [{ index: 0, delta: { content: 'x' } }] };
    const bytes = new TextEncoder().encode(`data: ${JSON.stringify(chunk)}\n\n`.repeat(chunksPerPull));
    let pulled = 0;
    const body = new ReadableStream<Uint8Array>(
      { pull: (controller) => (pulled++ < pulls ? controller.enqueue(bytes) : controller.close()) },
      { highWaterMark: 0 },
    );
    const tracker = createTestTracker();
    const tracked = trackedFetch(tracker, {
      fetch: answering(body, { 'content-type': 'text/event-stream' }),
    });
    const response = await tracked(chat, asked({ stream: true }));
    expect(pulled).toBe(0);
    let read = 0;
    for await (const piece of response.body ?? []) {
      expect(piece).toEqual(bytes);
      read++;
      expect(pulled).toBe(read);
    }
    expect(read).toBe(pulls);
    const call = await onlyCall(tracker);
    expect(call).toMatchObject({ responseId: 'c', complete: false, errorClass: 'usage_absent' });
    expect(call.estimate?.usage.output).toBe((pulls * chunksPerPull) / 4);
  });

  test('conformance 9: that fails at the host is told as an error with what was seen', async () => {
    const tracker = createTestTracker();
    const lines = 'data: {"choices":[{"delta":{"content":"four"}}]}\n\ndata: {"error":{"code":null}}\n\n';
    const tracked = trackedFetch(tracker, {
      fetch: answering(lines, { 'content-type': 'text/event-stream' }),
    });
    await (await tracked(chat, asked({ stream: true }))).text();
    const call = await onlyCall(tracker);
    expect(call).toMatchObject({ status: 'error', complete: false, errorClass: 'server_error' });
    expect(call.estimate?.usage.output).toBe(1);
  });
});

describe.each(sdkVersions)('under a wrapped client of $name', ({ OpenAI: Version }) => {
  test('conformance 11: each call counts once, with the attempts that the wrapper sees', async () => {
    const provider = await startFakeOpenAI({
      reply: ({ index }) =>
        index === 0 ? { failure: { status: 429, headers: { 'retry-after-ms': '1' } } } : plain,
    });
    const tracker = createTestTracker();
    const client = wrapOpenAI(
      new Version({
        apiKey: 'test',
        baseURL: 'https://api.openai.com/v1',
        fetch: trackedFetch(tracker, { fetch: reaching('https://api.openai.com', provider.baseURL) }),
      }),
      tracker,
    );
    const messages = [{ role: 'user' as const, content: 'Hi' }];
    await client.chat.completions.create({ model: 'm', messages });
    await collect(await client.chat.completions.create({ model: 'm', messages, stream: true }));
    const calls = await tracker.calls();
    expect(calls.map(({ attempt, final, usage }) => `${attempt} ${final} ${usage?.output}`).sort()).toEqual([
      '1 false undefined',
      '1 true 7',
      '2 true 7',
    ]);
    expect(new Set(calls.map(({ callId }) => callId)).size).toBe(2);
    expect(tracker.stats().unfinished).toBe(0);
    await provider.close();
  });
});

describe('a tracked fetch', () => {
  test('conformance 11: around another one, or under a wrapper of a plain promise, counts once', async () => {
    const tracker = createTestTracker();
    const once = trackedFetch(tracker, { fetch: answering(completion) });
    expect(trackedFetch(tracker, { fetch: once })).toBe(once);
    const between: Fetch = (input, init) => once(input, init);
    await (await trackedFetch(tracker, { fetch: between })(chat, asked({}))).json();
    expect(await onlyCall(tracker)).toMatchObject({
      responseId: 'chatcmpl_1',
      usage: { input: 20, output: 7 },
    });
  });

  test('can be the global one', async () => {
    const tracker = createTestTracker();
    const before = globalThis.fetch;
    try {
      globalThis.fetch = answering(completion) as typeof fetch;
      globalThis.fetch = trackedFetch(tracker) as typeof fetch;
      await (await fetch(chat, asked({}))).json();
    } finally {
      globalThis.fetch = before;
    }
    await onlyCall(tracker);
  });

  test('takes what its provider is called, and the model of a request that was made before', async () => {
    const tracker = createTestTracker();
    const tracked = trackedFetch(tracker, { fetch: answering(completion), provider: 'gateway' });
    const request = new Request(chat, asked({}));
    await (await tracked(request)).json();
    expect(request.bodyUsed).toBe(false);
    expect(await onlyCall(tracker)).toMatchObject({ provider: 'gateway', requestModel: 'gpt-4o-mini' });
  });

  test('reads the model of a form, and of bytes', async () => {
    const tracker = createTestTracker();
    const tracked = trackedFetch(tracker, {
      fetch: answering('{"text":"canary","usage":{"type":"duration","seconds":9}}'),
    });
    const form = new FormData();
    form.set('model', 'whisper-1');
    form.set('file', new File(['RIFF'], 'a.wav'));
    await (
      await tracked('https://api.openai.com/v1/audio/transcriptions', { method: 'POST', body: form })
    ).json();
    const bytes = new TextEncoder().encode(JSON.stringify({ model: 'm2' }));
    await (await tracked(chat, { method: 'POST', body: bytes })).json();
    expect(await tracker.calls()).toMatchObject([
      { requestModel: 'whisper-1', usage: { seconds: 9 } },
      { requestModel: 'm2' },
    ]);
    expect(JSON.stringify(tracker.requests())).not.toContain('canary');
  });

  test('does not parse a long request to find its model', async () => {
    const tracker = createTestTracker();
    const tracked = trackedFetch(tracker, { fetch: answering('{}') });
    const long = 'x'.repeat(2 ** 17);
    const parse = vi.spyOn(JSON, 'parse');
    const asked = [
      `{"model":"first","input":"${long}"}`,
      `{"input":"\\"model\\":\\"no\\" ${long}","model":"last"}`,
    ];
    for (const body of asked) await tracked(chat, { method: 'POST', body });
    expect(parse).not.toHaveBeenCalled();
    parse.mockRestore();
    await tracked(chat, { method: 'POST', body: `{"a":"${long}","model":"between","b":"${long}"}` });
    await tracker.shutdown();
    expect((await tracker.calls()).map(({ requestModel }) => requestModel)).toEqual([
      'first',
      'last',
      'between',
    ]);
  });

  test('conformance 14: takes no model out of what was written in a long request', async () => {
    const tracker = createTestTracker();
    const tracked = trackedFetch(tracker, { fetch: answering('{}') });
    const long = 'x'.repeat(2 ** 17);
    const written = { content: [{ type: 'tool_use', input: { maker: 'm', model: 'canary' } }] };
    for (const request of [
      { messages: [written, long], model: 'm1' },
      { messages: [long, written], model: 'm1' },
      { model: 'm1', messages: [long, written] },
      { messages: [long], model: 'm1', tools: [written] },
    ])
      await tracked(chat, { method: 'POST', body: JSON.stringify(request) });
    await tracker.shutdown();
    const models = (await tracker.calls()).map(({ requestModel }) => requestModel);
    expect(models).toEqual(['m1', 'm1', 'm1', 'm1']);
  });

  test('conformance 9: tells a failed connection, and lets its error through', async () => {
    const tracker = createTestTracker();
    const mine = new TypeError('fetch failed');
    const tracked = trackedFetch(tracker, { fetch: () => Promise.reject(mine) });
    await expect(tracked(chat, asked({}))).rejects.toBe(mine);
    expect(await onlyCall(tracker)).toMatchObject({ status: 'error', errorClass: 'connection_failed' });
  });

  test('conformance 15: makes the request at once, and after the budgets have admitted it where there are any', async () => {
    const tracker = createTestTracker();
    let made = 0;
    const inner: Fetch = async () => {
      made++;
      return new Response(completion, { headers: { 'content-type': 'application/json' } });
    };
    const sent = trackedFetch(tracker, { fetch: inner })(chat, asked({}));
    expect(made).toBe(1);
    await (await sent).json();
    const refusal = new Error('over budget');
    const source: CallSource = { recorder: { ...tracker.recorder, admit: () => Promise.reject(refusal) } };
    await expect(trackedFetch(source, { fetch: inner })(chat, asked({}))).rejects.toBe(refusal);
    expect(made).toBe(1);
    await onlyCall(tracker);
  });

  test('conformance 13: belongs to a run that it is bound to', async () => {
    const tracker = createTestTracker({ asyncLocalStorage: null });
    const tracked = trackedFetch(tracker, { fetch: answering(completion) });
    await tracker.run({ customerId: 'cus_1' }, async (context) => {
      const client = new OpenAI({ apiKey: 'test', fetch: context.wrap(tracked) });
      await client.chat.completions.create({ model: 'm', messages: [] });
    });
    expect(await onlyCall(tracker)).toMatchObject({ customerId: 'cus_1', provider: 'openai' });
  });
});
