import { describe, expect, test } from 'vitest';
import { createTestTracker } from '../testing/create-test-tracker.ts';
import type { CallRequest, KnownFacts } from './call-recorder.ts';
import { estimateUsage } from './estimate-usage.ts';

const facts: KnownFacts = { provider: 'openai', operation: 'chat', requestModel: 'm' };
const aborted = { status: 'aborted', complete: false } as const;
const of = (body: unknown, written = 0, maxOutputTokens?: number) =>
  estimateUsage({}, { body, maxOutputTokens }, { written, countTokens: undefined })?.usage;

describe('estimateUsage', () => {
  test('takes a token for four characters', () => {
    expect(of({ messages: [{ content: 'a'.repeat(400) }] }, 12.5)).toEqual({ input: 100, output: 13 });
  });

  test('leaves out what the provider counted', () => {
    const counted = { usage: { input: 7 } };
    const rest = { written: 8, countTokens: undefined };
    expect(estimateUsage(counted, { body: 'abcd' }, rest)?.usage).toEqual({ output: 8 });
    expect(estimateUsage({ usage: { input: 7, output: 1 } }, { body: 'abcd' }, rest)).toBeUndefined();
  });

  test('never goes beyond what the host allowed', () => {
    expect(of('', 5000, 100)?.output).toBe(100);
    expect(of('', 5000, Number.NaN)?.output).toBe(5000);
  });

  test('never goes beyond what a model can do', () => {
    expect(of('x '.repeat(10_000_000), 1e12)).toEqual({ input: 2_000_000, output: 2_000_000 });
  });

  test('takes no picture, sound, file or address for text', () => {
    const picture = `data:image/png;base64,${'A'.repeat(100_000)}`;
    const body = { image: picture, sound: 'UklG'.repeat(50_000), url: `https://x.test/${'y'.repeat(5000)}` };
    expect(of({ ...body, bytes: new Uint8Array(100_000), text: 'four' })?.input).toBe(1);
  });

  test('ends on a body that holds itself', () => {
    const body: Record<string, unknown> = { text: 'abcd' };
    body['self'] = [body];
    expect(of(body)?.input).toBeGreaterThan(0);
  });
});

describe('a call that is cut', () => {
  const cut = async (
    options: Parameters<typeof createTestTracker>[0],
    request: CallRequest | undefined,
    pieces: readonly string[],
  ) => {
    const tracker = createTestTracker(options);
    const call = tracker.recorder.start({ ...facts }, request);
    for (const piece of pieces) call.chunk(piece);
    call.end(aborted);
    return { event: (await tracker.calls())[0], tracker };
  };

  test('carries an estimate beside its missing usage, and names the method', async () => {
    const { event } = await cut({}, { body: { messages: ['12345678'] } }, ['abcd', 'efgh']);
    expect(event?.usage).toBeUndefined();
    expect(event?.estimate).toEqual({ method: 'characters', usage: { input: 2, output: 2 } });
  });

  test('is counted by a tokenizer where the host gives one', async () => {
    const countTokens = (text: string) => text.length;
    const { event } = await cut({ countTokens }, { body: 'abc' }, ['de']);
    expect(event?.estimate).toEqual({ method: 'tokenizer', usage: { input: 3, output: 2 } });
  });

  test.each([
    ['throws', () => Promise.reject.call(null) as never],
    ['answers nonsense', () => Number.NaN],
    ['answers less than nothing', () => -5],
  ])('is still recorded when the tokenizer %s', async (_, countTokens) => {
    const { event } = await cut({ countTokens }, { body: 'abcdefgh' }, ['abcd']);
    expect(event?.status).toBe('aborted');
    expect(event?.estimate?.usage.output).toBeGreaterThanOrEqual(0);
  });

  test('has no estimate before its answer began, for then nothing is billed', async () => {
    expect((await cut({}, { body: 'abcd' }, [])).event?.estimate).toBeUndefined();
  });

  test('keeps nothing of the texts', async () => {
    const { tracker } = await cut({}, { body: { canary: 'canary of the prompt' } }, ['canary of the answer']);
    expect(JSON.stringify(tracker.requests())).not.toContain('canary');
  });
});

test('a complete call has no estimate', async () => {
  const tracker = createTestTracker();
  const call = tracker.recorder.start({ ...facts }, { body: 'abcd' });
  call.chunk('abcd');
  call.end({ status: 'ok', complete: true });
  expect((await tracker.calls())[0]?.estimate).toBeUndefined();
});
