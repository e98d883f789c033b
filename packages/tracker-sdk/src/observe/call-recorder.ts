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

/** Which attempt the facts are of. */
export interface CallAttempt {
  readonly id: string;
  readonly callId: string;
  readonly attempt: number;
  readonly final: boolean;
  readonly durationMs: number;
}

/** A call whose end has not been seen yet. */
export interface UnfinishedCall {
  /** Since when only the host's own code can move the call on; `undefined` while the provider is at work. */
  readonly idleSince: number | undefined;
  /** True when the host took the raw response: then nothing more will be seen, and `idleSince` need not be old. */
  readonly outOfSight: boolean;
  /** Records the call with what is known of it. */
  readonly abandon: () => void;
}

/**
 * What a provider wrapper needs of a tracker: it starts calls and hands over facts, and knows nothing of delivery.
 * A tracker and the context of a run both have one; the context's is bound to that run's attribution.
 */
export interface CallRecorder {
  /** Unix milliseconds by the tracker's clock. */
  readonly now: () => number;
  readonly newId: (milliseconds: number) => string;
  /** Attribution and trace that hold now. */
  readonly context: () => CallContext;
  /** The one funnel: every call of every provider ends here. */
  readonly record: (context: CallContext, attempt: CallAttempt, facts: CallFacts) => void;
  /** Counts something that could not be observed. Never throws. */
  readonly lose: (reason: LossReason) => void;
  /** Calls in here are recorded as incomplete when the host leaves them behind. */
  readonly unfinished: Set<UnfinishedCall>;
  /** Makes sure that unfinished calls are looked at again. */
  readonly watch: () => void;
}

/** Anything whose calls can be recorded: a tracker, or the context of one of its runs. */
export interface CallSource {
  readonly recorder: CallRecorder;
}
