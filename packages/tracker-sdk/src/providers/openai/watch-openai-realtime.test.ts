import { OpenAIRealtimeWebSocket as Realtime7 } from 'openai/realtime/websocket';
import { OpenAIRealtimeWebSocket as Realtime5 } from 'openai-5/realtime/websocket';
import { OpenAIRealtimeWebSocket as Realtime6 } from 'openai-6/realtime/websocket';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { createTestTracker } from '../../testing/create-test-tracker.ts';
import { sdkVersions } from './__fixtures__/sdk-versions.ts';
import { onlyCall } from './__fixtures__/set-up.ts';
import { startFakeRealtime } from './__fixtures__/start-fake-realtime.ts';
import { watchOpenAIRealtime } from './watch-openai-realtime.ts';

type Constructor = typeof Realtime7;
const constructors = [Realtime5, Realtime6, Realtime7] as unknown as readonly Constructor[];
const versions = sdkVersions.map((version, index) => ({
  ...version,
  Realtime: constructors[index] ?? Realtime7,
}));

// The example of the reference, response.done: of what was heard and read, some came from the cache.
const usage = {
  total_tokens: 253,
  input_tokens: 132,
  output_tokens: 121,
  input_token_details: {
    text_tokens: 119,
    audio_tokens: 13,
    cached_tokens: 64,
    cached_tokens_details: { text_tokens: 60, audio_tokens: 4 },
  },
  output_token_details: { text_tokens: 30, audio_tokens: 91 },
};

/** The SDK opens sessions over TLS only, which a server on loopback does not have. */
class PlainWebSocket extends WebSocket {
  constructor(url: string, protocols?: string[]) {
    super(url.replace(/^wss:/, 'ws:'), protocols);
  }
}
beforeEach(() => void vi.stubGlobal('WebSocket', PlainWebSocket));
afterEach(() => void vi.unstubAllGlobals());

async function setUpSession({ OpenAI, Realtime }: (typeof versions)[number]) {
  const fake = await startFakeRealtime();
  const tracker = createTestTracker();
  onTestFinished(async () => {
    await fake.close();
    await tracker.shutdown();
  });
  const client = new OpenAI({ apiKey: 'test', baseURL: fake.baseURL });
  const session = new Realtime({ model: 'gpt-realtime' }, client);
  session.on('error', () => undefined);
  const seen: string[] = [];
  session.on('event', ({ type }) => seen.push(type));
  return { fake, tracker, session, seen };
}

describe.each(versions)('a realtime session on $name', (version) => {
  test('is counted response by response, for the run that it was watched in', async () => {
    const { fake, tracker, session, seen } = await setUpSession(version);
    tracker.run({ customerId: 'cus_1' }, (run) =>
      expect(watchOpenAIRealtime(session, run, { provider: 'openai' })).toBe(session),
    );
    expect(watchOpenAIRealtime(session, tracker)).toBe(session);
    await fake.opened;
    fake.send({ type: 'session.created', session: { model: 'gpt-realtime-2025-08-28' } });
    fake.send({ type: 'response.created', response: { id: 'resp_1', status: 'in_progress' } });
    fake.send({ type: 'response.output_audio.delta', response_id: 'resp_1', delta: 'canary' });
    fake.send({ type: 'response.done', response: { id: 'resp_1', status: 'completed', usage } });
    fake.send({ type: 'response.created', response: { id: 'resp_2', status: 'in_progress' } });
    fake.send({ type: 'response.done', response: { id: 'resp_2', status: 'cancelled', usage } });
    await expect.poll(() => seen.length).toBe(6);
    const calls = await tracker.calls();
    expect(calls).toMatchObject([
      {
        provider: 'openai',
        operation: 'realtime',
        requestModel: 'gpt-realtime-2025-08-28',
        responseId: 'resp_1',
        customerId: 'cus_1',
        status: 'ok',
        complete: true,
        usage: { input: 59, cacheRead: 60, inputAudio: 9, cacheReadAudio: 4, output: 30, outputAudio: 91 },
      },
      { responseId: 'resp_2', status: 'aborted', complete: true },
    ]);
    expect(calls[0]?.firstChunkMs).toBeGreaterThanOrEqual(0);
    expect(JSON.stringify(tracker.requests())).not.toContain('canary');
  });

  test('is counted for what it transcribed as well', async () => {
    const { fake, tracker, session, seen } = await setUpSession(version);
    watchOpenAIRealtime(session, tracker);
    await fake.opened;
    const input = { transcription: { model: 'whisper-1' } };
    fake.send({ type: 'session.updated', session: { audio: { input } } });
    fake.send({
      type: 'conversation.item.input_audio_transcription.completed',
      item_id: 'item_1',
      transcript: 'canary',
      usage: { type: 'duration', seconds: 4 },
    });
    await expect.poll(() => seen.length).toBe(2);
    expect(await onlyCall(tracker)).toMatchObject({
      provider: '127.0.0.1',
      operation: 'transcription',
      requestModel: 'whisper-1',
      responseId: 'item_1',
      usage: { seconds: 4 },
    });
    expect(JSON.stringify(tracker.requests())).not.toContain('canary');
  });

  test('that closes leaves what it was saying as aborted', async () => {
    const { fake, tracker, session, seen } = await setUpSession(version);
    watchOpenAIRealtime(session, tracker);
    await fake.opened;
    fake.send({ type: 'response.created', response: { id: 'resp_1' } });
    await expect.poll(() => seen.length).toBe(1);
    expect(tracker.stats().unfinished).toBe(1);
    await fake.close();
    await expect.poll(() => tracker.stats().unfinished).toBe(0);
    expect(await onlyCall(tracker)).toMatchObject({
      status: 'aborted',
      complete: false,
      responseId: 'resp_1',
    });
  });
});

test('what has no events is returned untouched and counted', () => {
  const tracker = createTestTracker();
  const stand = {};
  expect(watchOpenAIRealtime(stand, tracker)).toBe(stand);
  expect(tracker.stats().lost).toEqual({ unsupported_sdk: 1 });
});

test('events that are none of what they should be are passed over', async () => {
  const tracker = createTestTracker();
  const listeners: ((event: unknown) => void)[] = [];
  const session = { on: (_: string, listener: (event: unknown) => void) => listeners.push(listener) };
  watchOpenAIRealtime(session, tracker);
  for (const event of [null, 7, {}, { type: 'response.done' }, { type: 'session.created', session: 'x' }])
    for (const listener of listeners) listener(event);
  const [call] = await tracker.calls();
  expect(call).toMatchObject({ operation: 'realtime', provider: 'unknown', requestModel: 'unknown' });
  expect(tracker.stats().unfinished).toBe(0);
});
