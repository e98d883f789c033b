import type { EventCommon, LlmCallEvent, LossReason } from '@tallykit/protocol';
import type { Attribution } from '../context/attribution.ts';
import type { TraceContext } from '../context/trace-context.ts';

/** What was known about attribution and trace when a call started. It does not change afterwards. */
export interface CallContext extends TraceContext {
  readonly attribution: Attribution;
}

/** What an attempt of a call turned out to be: an event without its identity. */
export type CallFacts = Omit<
  LlmCallEvent,
  keyof EventCommon | 'kind' | 'callId' | 'attempt' | 'final' | 'durationMs'
>;

/** How a call, or one attempt of it, ended. */
export type CallEnd = Pick<CallFacts, 'status' | 'complete' | 'errorClass' | 'httpStatus'>;

type Mutable<Type> = { -readonly [Key in keyof Type]: Type[Key] };

/** What is known of a call before it ends; a provider's readers write into it. */
export type KnownFacts = Mutable<Omit<CallFacts, keyof CallEnd | 'firstChunkMs'>>;

/** One call from its start to the one event, or one event an attempt, that it leaves behind. Nothing in it throws. */
export interface ObservedCall {
  readonly facts: KnownFacts;
  /** A piece of a stream reaches the host. */
  readonly chunk: () => void;
  /** Another attempt follows this one. */
  readonly attemptFailed: (end: CallEnd) => void;
  /** The attempt that follows a failed one goes out now. */
  readonly attemptStarted: () => void;
  /** Records the call. Only the first end counts. */
  readonly end: (end: CallEnd) => void;
  /** Leaves no event behind. */
  readonly drop: () => void;
  /** Records the call as left behind when it started before this time. */
  readonly abandon: (before: number) => void;
}

/**
 * What a provider wrapper needs of a tracker: it starts calls, tells how they go, and knows nothing of delivery. A
 * tracker and the context of a run both have one; the context's is bound to that run's attribution.
 */
export interface CallRecorder {
  readonly start: (facts: KnownFacts) => ObservedCall;
  /** Counts something that could not be observed. Never throws. */
  readonly lose: (reason: LossReason) => void;
}

/** Anything whose calls can be recorded: a tracker, or the context of one of its runs. */
export interface CallSource {
  readonly recorder: CallRecorder;
}
