import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { createTestTracker } from '../../testing/create-test-tracker.ts';
import { startFakeOpenAI } from '../../testing/fake-openai/start-fake-openai.ts';
import { sdkVersions } from './__fixtures__/sdk-versions.ts';
import { messages, model, onlyCall, plain, setUp } from './__fixtures__/set-up.ts';
import { wrapOpenAI } from './wrap-openai.ts';

describe.each(sdkVersions)('what it leaves alone on $name', ({ OpenAI }) => {
  test('a failed call that nobody waits for is still reported as unhandled', async () => {
    const { client, tracker } = await setUp(OpenAI, { failure: { status: 400 } });
    const reported: unknown[] = [];
    const listeners = process.listeners('unhandledRejection');
    process.removeAllListeners('unhandledRejection');
    process.on('unhandledRejection', (error) => reported.push(error));
    try {
      void client.chat.completions.create({ model, messages });
      await expect.poll(() => reported.length).toBe(1);
      await client.chat.completions.create({ model, messages }).catch(() => undefined);
      await client.chat.completions
        .create({ model, messages })
        .asResponse()
        .catch(() => undefined);
      await sleep(30);
    } finally {
      process.removeAllListeners('unhandledRejection');
      for (const listener of listeners) process.on('unhandledRejection', listener);
    }
    expect(reported).toHaveLength(1);
    expect(await tracker.calls()).toHaveLength(3);
  });

  test('a body that is no JSON fails as ever and is recorded', async () => {
    const { client, tracker } = await setUp(OpenAI);
    const headers = { 'content-type': 'application/json' };
    const local = client.withOptions({ fetch: async () => new Response('{"id":', { headers }) });
    await expect(local.chat.completions.create({ model, messages })).rejects.toThrow(SyntaxError);
    expect(await onlyCall(tracker)).toMatchObject({ status: 'error', errorClass: 'invalid_response' });
  });

  test('a connection that fails for good is an error with all its attempts', async () => {
    const { client, tracker } = await setUp(OpenAI);
    const local = client.withOptions({ maxRetries: 1, fetch: () => Promise.reject(new Error('refused')) });
    await expect(local.chat.completions.create({ model, messages })).rejects.toThrow('Connection error');
    const calls = [...(await tracker.calls())].sort((a, b) => a.attempt - b.attempt);
    expect(calls.map((call) => [call.attempt, call.final, call.errorClass])).toEqual([
      [1, false, 'connection_failed'],
      [2, true, 'connection_failed'],
    ]);
  });

  test('a timeout is told apart from other failures', async () => {
    const { client, tracker } = await setUp(OpenAI, { ...plain, delayMs: 200 });
    const hasty = client.withOptions({ maxRetries: 0, timeout: 20 });
    await expect(hasty.chat.completions.create({ model, messages })).rejects.toThrow('timed out');
    expect(await onlyCall(tracker)).toMatchObject({ status: 'error', errorClass: 'timeout' });
  });

  test('the client keeps its class, its keys and its resources', async () => {
    const { client } = await setUp(OpenAI);
    const bare = new OpenAI({ apiKey: 'test', baseURL: client.baseURL });
    expect(client).toBeInstanceOf(OpenAI);
    expect(Object.keys(client)).toEqual(Object.keys(bare));
    expect(Object.keys(client.chat.completions)).toEqual(Object.keys(bare.chat.completions));
  });
});

test('clients of two copies of the SDK are tracked side by side', async () => {
  const provider = await startFakeOpenAI({ reply: () => plain });
  const tracker = createTestTracker();
  for (const { OpenAI } of sdkVersions) {
    const client = wrapOpenAI(new OpenAI({ apiKey: 'test', baseURL: provider.baseURL }), tracker);
    await client.chat.completions.create({ model, messages });
  }
  expect(await tracker.calls()).toHaveLength(3);
  await provider.close();
});

test('what is no OpenAI client is returned untouched and counted', async () => {
  const tracker = createTestTracker();
  const create = async () => 'mine';
  const stand = { chat: { completions: { create } } };
  expect(wrapOpenAI(stand, tracker)).toBe(stand);
  expect(stand.chat.completions.create).toBe(create);
  tracker.run({}, (context) => expect(context.wrap(stand)).toBe(stand));
  expect(tracker.stats().lost).toEqual({ unsupported_sdk: 2 });
});

test('a method that the host replaced by its own keeps working, and is counted as not observed', async () => {
  const tracker = createTestTracker();
  const [version] = sdkVersions;
  if (!version) throw new Error('no SDK');
  const client = new version.OpenAI({ apiKey: 'test' });
  client.chat.completions.create = (async () => 'mine') as unknown as typeof client.chat.completions.create;
  wrapOpenAI(client, tracker);
  expect(await client.chat.completions.create({ model, messages })).toBe('mine');
  expect(tracker.stats()).toMatchObject({ lost: { unsupported_sdk: 1 }, unfinished: 0, recorded: 0 });
});
