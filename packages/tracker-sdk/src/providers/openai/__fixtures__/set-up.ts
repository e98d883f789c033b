import { onTestFinished } from 'vitest';
import { createTestTracker, type TestTracker } from '../../../testing/create-test-tracker.ts';
import type { FakeReply, FakeReplyFunction } from '../../../testing/fake-openai/fake-reply.ts';
import { type FakeOpenAI, startFakeOpenAI } from '../../../testing/fake-openai/start-fake-openai.ts';
import { wrapOpenAI, type WrapOpenAIOptions } from '../wrap-openai.ts';
import type { OpenAIConstructor } from './sdk-versions.ts';

export const usage = { input: 20, output: 7, cached: 4 };
export const plain: FakeReply = { chunks: ['one ', 'two'], usage };
export const model = 'gpt-4o-mini';
export const messages = [{ role: 'user' as const, content: 'Hi' }];
export const streamed = { model, messages, stream: true as const };

/** A wrapped client, the provider it talks to and the tracker it reports to; all end with the test. */
export interface Setup {
  readonly provider: FakeOpenAI;
  readonly tracker: TestTracker;
  readonly client: InstanceType<OpenAIConstructor>;
}

export async function setUp(
  OpenAI: OpenAIConstructor,
  reply: FakeReply | FakeReplyFunction = plain,
  options: WrapOpenAIOptions = { provider: 'openai', requestUsage: true },
): Promise<Setup> {
  const provider = await startFakeOpenAI({ reply: typeof reply === 'function' ? reply : () => reply });
  const tracker = createTestTracker();
  onTestFinished(async () => {
    await provider.close();
    await tracker.shutdown();
  });
  const client = wrapOpenAI(new OpenAI({ apiKey: 'test', baseURL: provider.baseURL }), tracker, options);
  return { provider, tracker, client };
}

/** The one call that was recorded. */
export async function onlyCall(tracker: TestTracker) {
  const calls = await tracker.calls();
  const [call] = calls;
  if (!call || calls.length > 1) throw new Error(`One call was expected, ${calls.length} were recorded.`);
  return call;
}
