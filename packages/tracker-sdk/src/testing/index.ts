export type {
  FakeAnthropicReply,
  FakeAnthropicReplyFunction,
  FakeAnthropicRequest,
  FakeToolUse,
} from './fake-anthropic/fake-anthropic-reply.ts';
export {
  type FakeAnthropic,
  type FakeAnthropicOptions,
  startFakeAnthropic,
} from './fake-anthropic/start-fake-anthropic.ts';
export type {
  FakeFailure,
  FakeInterruption,
  FakeOperation,
  FakeReply,
  FakeReplyFunction,
  FakeRequest,
  FakeToolCall,
  FakeUsage,
} from './fake-openai/fake-reply.ts';
export { type FakeOpenAI, type FakeOpenAIOptions, startFakeOpenAI } from './fake-openai/start-fake-openai.ts';
export { createTestTracker, type TestTracker, type TestTrackerOptions } from './create-test-tracker.ts';
export {
  describeProviderWrapper,
  type DrivenClient,
  type ProviderWrapperSuite,
  type ScriptedAnswer,
  type WrapperDriver,
} from './describe-provider-wrapper.ts';
export type { ProviderWrapperPromise } from './wrapper-promises.ts';
