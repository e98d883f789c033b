import { createAnthropic } from '@ai-sdk/anthropic';
import type { LanguageModelV4 } from '@ai-sdk/provider';
import { onTestFinished } from 'vitest';
import { createTestTracker, type TestTracker } from '../../../testing/create-test-tracker.ts';
import type { FakeAnthropicReply } from '../../../testing/fake-anthropic/fake-anthropic-reply.ts';
import { startFakeAnthropic } from '../../../testing/fake-anthropic/start-fake-anthropic.ts';
import type { FakeReply, FakeReplyFunction } from '../../../testing/fake-openai/fake-reply.ts';
import { type FakeOpenAI, startFakeOpenAI } from '../../../testing/fake-openai/start-fake-openai.ts';
import { wrapAIModel } from '../wrap-ai-model.ts';
import type { SdkMajor } from './sdk-majors.ts';

export const plain: FakeReply = { chunks: ['one ', 'two'], usage: { input: 20, output: 7, cached: 4 } };
export const plainUsage = { input: 16, cacheRead: 4, output: 7 };

/** A watched model, the provider it talks to and the tracker it reports to; all end with the test. */
export interface Setup {
  readonly provider: FakeOpenAI;
  readonly tracker: TestTracker;
  readonly model: LanguageModelV4;
}

export async function setUp(
  { createOpenAI }: SdkMajor,
  reply: FakeReply | FakeReplyFunction = plain,
  kind: 'chat' | 'responses' = 'chat',
): Promise<Setup> {
  const provider = await startFakeOpenAI({ reply: typeof reply === 'function' ? reply : () => reply });
  const tracker = createTestTracker();
  onTestFinished(async () => {
    await provider.close();
    await tracker.shutdown();
  });
  const model = createOpenAI({ apiKey: 'test', baseURL: provider.baseURL })[kind]('gpt-4o-mini');
  return { provider, tracker, model: wrapAIModel(model, tracker) };
}

/** The same with Anthropic's newest provider. */
export async function setUpAnthropic(reply: FakeAnthropicReply) {
  const provider = await startFakeAnthropic({ reply: () => reply });
  const tracker = createTestTracker();
  onTestFinished(async () => {
    await provider.close();
    await tracker.shutdown();
  });
  const bare = createAnthropic({ apiKey: 'test', baseURL: `${provider.baseURL}/v1` })('claude-sonnet-4-5');
  return { provider, tracker, model: wrapAIModel(bare, tracker) };
}

/** The one call that was recorded. */
export async function onlyCall(tracker: TestTracker) {
  const calls = await tracker.calls();
  const [call] = calls;
  if (!call || calls.length > 1) throw new Error(`One call was expected, ${calls.length} were recorded.`);
  return call;
}
