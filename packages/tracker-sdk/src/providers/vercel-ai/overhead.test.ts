import { describe, expect, test } from 'vitest';
import type { CallRecorder } from '../../observe/call-recorder.ts';
import { collect } from '../../testing/collect.ts';
import { createTestTracker } from '../../testing/create-test-tracker.ts';
import { asked } from './__fixtures__/open-driver.ts';
import { onlyCall } from './__fixtures__/set-up.ts';
import { wrapAIModel } from './wrap-ai-model.ts';

describe('conformance 15: overhead', () => {
  test('a call goes out before the host waits for anything, and its value stays the same', async () => {
    const tracker = createTestTracker();
    const value = { content: [] };
    let asking = 0;
    const model = wrapAIModel({ doGenerate: async (_: object) => (asking++, value) }, tracker);
    const answer = model.doGenerate(asked('Hi'));
    expect(asking).toBe(1);
    expect(await answer).toBe(value);
  });

  test('a long stream is passed on part by part: nothing is kept, nothing is read ahead', async () => {
    const tracker = createTestTracker();
    const parts = 50_000;
    let pulled = 0;
    let furthestAhead = 0;
    let seen = 0;
    const stream = new ReadableStream({
      pull(controller) {
        if (pulled++ < parts) controller.enqueue({ type: 'text-delta', id: '1', delta: 'four' });
        else controller.close();
      },
    });
    const model = wrapAIModel({ doStream: async (_: object) => ({ stream }) }, tracker);
    for await (const part of (await model.doStream(asked('Hi'))).stream) {
      seen += part ? 1 : 0;
      // A reader that pauses: whatever is read ahead is read now.
      if (seen === 10) await new Promise((resolve) => setTimeout(resolve, 20));
      furthestAhead = Math.max(furthestAhead, pulled - seen);
    }
    expect(seen).toBe(parts);
    // The source's own buffer holds one.
    expect(furthestAhead).toBeLessThanOrEqual(2);
    expect(await onlyCall(tracker)).toMatchObject({
      complete: false,
      errorClass: 'usage_absent',
      estimate: { usage: { output: parts } },
    });
  });

  test.each([
    ['is locked', (stream: ReadableStream) => (stream.getReader(), { stream })],
    ['cannot be replaced', (stream: ReadableStream) => Object.freeze({ stream })],
    ['is something else', () => ({ stream: { pipeTo: () => undefined } })],
    ['is missing', () => undefined],
  ])('an answer whose stream %s stays as it is', async (_, answer) => {
    const tracker = createTestTracker();
    const stream = new ReadableStream();
    const given: unknown = answer(stream);
    const locked = stream.locked;
    const model = wrapAIModel({ doStream: async (_options: object) => given }, tracker);
    expect(await model.doStream(asked('Hi'))).toBe(given);
    expect(stream.locked).toBe(locked);
    expect(tracker.stats()).toMatchObject({ lost: { unsupported_sdk: 1 }, recorded: 0, unfinished: 0 });
  });

  test('an error of a stream reaches the host as it is', async () => {
    const tracker = createTestTracker();
    const mine = new Error('canary');
    const stream = new ReadableStream({ pull: () => Promise.reject(mine) });
    const model = wrapAIModel({ doStream: async (_: object) => ({ stream }) }, tracker);
    await expect(collect((await model.doStream(asked('Hi'))).stream)).rejects.toBe(mine);
    expect(await onlyCall(tracker)).toMatchObject({ status: 'error', complete: false });
    expect(JSON.stringify(tracker.requests())).not.toContain('canary');
  });

  test('options of any kind are taken', async () => {
    const tracker = createTestTracker();
    const evil = {
      get prompt(): never {
        throw new Error('mine');
      },
    };
    const model = wrapAIModel({ doGenerate: async (_: unknown) => 'answer' }, tracker);
    for (const options of [
      undefined,
      null,
      7,
      'text',
      evil,
      { ...asked('Hi'), abortSignal: {}, tools: [null] },
    ])
      expect(await model.doGenerate(options)).toBe('answer');
    const streaming = wrapAIModel(
      { doStream: async (_: unknown) => ({ stream: ReadableStream.from([null, 7]) }) },
      tracker,
    );
    const strange = { ...asked('Hi'), abortSignal: { aborted: false } };
    expect(await collect((await streaming.doStream(strange)).stream)).toEqual([null, 7]);
    expect(tracker.stats().unfinished).toBe(0);
  });

  test('a recorder that fails does not become the failure of the host', async () => {
    const lost: string[] = [];
    const failing = {
      recorder: {
        start: () => {
          throw new Error('observer');
        },
        lose: (reason: string) => lost.push(reason),
      } as unknown as CallRecorder,
    };
    const watched = wrapAIModel({ doGenerate: async (_: object) => 'answer' }, failing);
    expect(await watched.doGenerate(asked('Hi'))).toBe('answer');
    expect(lost).toEqual(['observer_failed']);
  });
});
