export { createTracker } from './create-tracker.ts';
export type {
  BudgetConnection,
  BudgetDecision,
  BudgetGate,
  BudgetScope,
  BudgetSource,
  BudgetUse,
} from './budget-source.ts';
export type { Attribution } from './context/attribution.ts';
export type { AsyncStorage, AsyncStorageConstructor } from './context/ambient.ts';
export type { TraceContext } from './context/trace-context.ts';
export type { EventSpool } from './delivery/event-spool.ts';
export type { FetchFunction, IngestTransport } from './delivery/send-batch.ts';
export { isTrackerError, TrackerError, type TrackerErrorCode } from './errors/tracker-error.ts';
export type { RandomUuid } from './identity/identifiers.ts';
export type {
  Conversation,
  EventRecorder,
  FlowRun,
  FlowRunOptions,
  GoalOptions,
  ManualToolCall,
  SignalOptions,
  TelemetryOptions,
} from './events/event-recorder.ts';
export type { Workspace } from './events/workspace.ts';
export type { CallGroup } from './observe/call-group.ts';
export type { CountTokens } from './observe/estimate-usage.ts';
export type {
  CallContext,
  CallEnd,
  CallFacts,
  CallRecorder,
  CallRequest,
  CallSource,
  FinishedCall,
  HeldContext,
  EndTool,
  KnownFacts,
  ObservedCall,
} from './observe/call-recorder.ts';
export type { EventOptions } from './record-event.ts';
export type { TrackerOptions } from './tracker-options.ts';
export type { Entrance, ManualCall, RunAttribution, RunContext, Tracker, TrackerStats } from './tracker.ts';
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
