export { createTracker } from './create-tracker.ts';
export type { Attribution } from './context/attribution.ts';
export type { AsyncStorage, AsyncStorageConstructor } from './context/ambient.ts';
export type { TraceContext } from './context/trace-context.ts';
export type { FetchFunction, IngestTransport } from './delivery/send-batch.ts';
export { isTrackerError, TrackerError, type TrackerErrorCode } from './errors/tracker-error.ts';
export type { RandomUuid } from './identity/identifiers.ts';
export type {
  CallContext,
  CallEnd,
  CallFacts,
  CallRecorder,
  CallSource,
  KnownFacts,
  ObservedCall,
} from './observe/call-recorder.ts';
export type { SignalOptions } from './record-signal.ts';
export type { TrackerOptions } from './tracker-options.ts';
export type { ManualCall, RunAttribution, RunContext, Tracker, TrackerStats } from './tracker.ts';
export type {
  EventAttribution,
  IngestAnswer,
  IngestProblem,
  IngestRequest,
  LlmCallEvent,
  LossCount,
  LossReason,
  SignalEvent,
  TokenUsage,
  UsageEvent,
} from '@tallykit/protocol';
