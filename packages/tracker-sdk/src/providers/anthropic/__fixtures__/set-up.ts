import { onTestFinished } from 'vitest';
import {
  createTestTracker,
  type TestTracker,
  type TestTrackerOptions,
} from '../../../testing/create-test-tracker.ts';
import type {
  FakeAnthropicReply,
  FakeAnthropicReplyFunction,
} from '../../../testing/fake-anthropic/fake-anthropic-reply.ts';
import {
  type FakeAnthropic,
  startFakeAnthropic,
} from '../../../testing/fake-anthropic/start-fake-anthropic.ts';
import { wrapAnthropic } from '../wrap-anthropic.ts';
import type { AnthropicConstructor } from './sdk-versions.ts';

export const usage = { input_tokens: 16, cache_read_input_tokens: 4, output_tokens: 7 };
/** What `usage` says, in our buckets. */
export const counted = { input: 16, cacheRead: 4, output: 7 };
export const plain: FakeAnthropicReply = { chunks: ['one ', 'two'], usage };
export const body = {
  model: 'claude-opus-4-5',
  max_tokens: 64,
  messages: [{ role: 'user' as const, content: 'Hi' }],
};
export const streamed = { ...body, stream: true as const };

/** A wrapped client, the provider it talks to and the tracker it reports to; all end with the test. */
export interface Setup {
  readonly provider: FakeAnthropic;
  readonly tracker: TestTracker;
  readonly client: InstanceType<AnthropicConstructor>;
  /** A client like it that is not wrapped. */
  readonly bare: InstanceType<AnthropicConstructor>;
}

export async function setUp(
  Anthropic: AnthropicConstructor,
  reply: FakeAnthropicReply | FakeAnthropicReplyFunction = plain,
  options: TestTrackerOptions = {},
): Promise<Setup> {
  const provider = await startFakeAnthropic({ reply: typeof reply === 'function' ? reply : () => reply });
  const tracker = createTestTracker(options);
  onTestFinished(async () => {
    await provider.close();
    await tracker.shutdown();
  });
  const open = () => new Anthropic({ apiKey: 'test', baseURL: provider.baseURL });
  const client = wrapAnthropic(open(), tracker, { provider: 'anthropic' });
  return { provider, tracker, client, bare: open() };
}

/** The one call that was recorded. */
export async function onlyCall(tracker: TestTracker) {
  const calls = await tracker.calls();
  const [call] = calls;
  if (!call || calls.length > 1) throw new Error(`One call was expected, ${calls.length} were recorded.`);
  return call;
}
