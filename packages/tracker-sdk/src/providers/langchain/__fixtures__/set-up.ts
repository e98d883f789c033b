import type { ChatOpenAI } from '@langchain/openai';
import { onTestFinished } from 'vitest';
import { createTestTracker, type TestTracker } from '../../../testing/create-test-tracker.ts';
import type { FakeReply, FakeReplyFunction } from '../../../testing/fake-openai/fake-reply.ts';
import { type FakeOpenAI, startFakeOpenAI } from '../../../testing/fake-openai/start-fake-openai.ts';
import { tallykitHandler, type TallykitHandler } from '../tallykit-handler.ts';
import { openModel } from './open-driver.ts';

export const plain: FakeReply = { chunks: ['one ', 'two'], usage: { input: 20, output: 7, cached: 4 } };
export const plainUsage = { input: 16, cacheRead: 4, output: 7 };

/** A model without callbacks, the provider it talks to, a tracker and its handler; all end with the test. */
export interface Setup {
  readonly provider: FakeOpenAI;
  readonly tracker: TestTracker;
  readonly handler: TallykitHandler;
  readonly model: ChatOpenAI;
}

export async function setUp(reply: FakeReply | FakeReplyFunction = plain, fields: object = {}): Promise<Setup> {
  const provider = await startFakeOpenAI({ reply: typeof reply === 'function' ? reply : () => reply });
  const tracker = createTestTracker();
  onTestFinished(async () => {
    await provider.close();
    await tracker.shutdown();
  });
  return { provider, tracker, handler: tallykitHandler(tracker), model: openModel(provider.baseURL, fields) };
}

/** The one call that was recorded. */
export async function onlyCall(tracker: TestTracker) {
  const calls = await tracker.calls();
  const [call] = calls;
  if (!call || calls.length > 1) throw new Error(`One call was expected, ${calls.length} were recorded.`);
  return call;
}
