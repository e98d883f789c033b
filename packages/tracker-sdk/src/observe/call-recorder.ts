import type { EventCommon, LlmCallEvent, LossReason, ToolCallEvent } from '@tallykit/protocol';
import type { Attribution } from '../context/attribution.ts';
import type { TraceContext } from '../context/trace-context.ts';
import type { CallGroup } from './call-group.ts';

/** What was known about attribution and trace when a call started. It does not change afterwards. */
export interface CallContext extends TraceContext {
  readonly attribution: Attribution;
  /** The call whose wrapper is running right now. */
  readonly outer?: ObservedCall | undefined;
  /** The one logical call whose attempts these are. */
  readonly group?: CallGroup | undefined;
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

/** What the host asked for; read only when the call ends without its usage, to estimate it. */
export interface CallRequest {
  /** The body as the host gave it. Its text is measured, never kept or sent. */
  readonly body: unknown;
  /** The most tokens that the host let the model write, where it said so. */
  readonly maxOutputTokens?: unknown;
}

/** One call from its start to the one event, or one event an attempt, that it leaves behind. Nothing in it throws. */
export interface ObservedCall {
  /** Id of its event; of the first one where attempts of an SDK leave one each. */
  readonly id: string;
  readonly facts: KnownFacts;
  readonly request: CallRequest | undefined;
  /** Told once, when the call has ended, or was dropped and leaves no event behind. */
  onEnd?: ((recorded: boolean) => void) | undefined;
  /** A piece of a stream reaches the host, with the text that the model wrote in it: it is measured and forgotten. */
  readonly chunk: (text?: string) => void;
  /** Another attempt follows this one. */
  readonly attemptFailed: (end: CallEnd) => void;
  /** The attempt that follows a failed one goes out now. */
  readonly attemptStarted: () => void;
  /** Records the call. Only the first end counts. */
  readonly end: (end: CallEnd) => void;
  /** Leaves no event behind. */
  readonly drop: () => void;
  /** Records the call as left behind when it has shown no sign of life since this time. */
  readonly abandon: (before: number) => void;
}

/** How an invocation of a tool ended. */
export type EndTool = (end: Pick<ToolCallEvent, 'status' | 'errorClass'>) => void;

/**
 * What a provider wrapper needs of a tracker: it starts calls, tells how they go, and knows nothing of delivery. A
 * tracker and the context of a run both have one; the context's is bound to that run's attribution.
 */
export interface CallRecorder {
  /** `attribution` wins over that of the run, key by key: for frameworks that carry some of their own. */
  readonly start: (facts: KnownFacts, request?: CallRequest, attribution?: Attribution) => ObservedCall;
  /**
   * Runs a function under a call. A call that another wrapper starts in it is the same one seen closer to the wire: it
   * counts, and the outer one leaves no event behind. For wrappers that sit above another SDK.
   */
  readonly within: <Result>(call: ObservedCall, body: () => Result) => Result;
  /**
   * Present when calls are guarded by budgets: wait for it before the call goes out. Rejects with a `TrackerError`
   * (`budget_exceeded`) when it must not. A wrapper that cannot wait makes its calls unguarded.
   */
  readonly admit?: ((call: ObservedCall, attribution?: Attribution) => Promise<void>) | undefined;
  /**
   * An invocation of a tool begins, in the attribution of this moment; what is given wins over it. Tell the returned
   * function how it ended; only the first time counts.
   */
  readonly startTool: (tool: Pick<ToolCallEvent, 'tool' | 'server'>, attribution?: Attribution) => EndTool;
  /** Attribution and trace of this moment, for a call that something else observes to its end. */
  readonly hold: () => HeldContext;
  /** Counts something that could not be observed. Never throws. */
  readonly lose: (reason: LossReason) => void;
}

/** A finished call of a model or a tool that something else observed: an event without its identity. */
export type FinishedCall =
  Omit<LlmCallEvent, 'id' | 'callId' | 'attempt' | 'final'> | Omit<ToolCallEvent, 'id'>;

/** Attribution and trace as they were, and a way to record what has happened since. */
export interface HeldContext extends TraceContext {
  readonly attribution: Attribution;
  /** Records a call that began at this time, in Unix milliseconds, as it is: it brings attribution and trace itself. */
  readonly record: (startedAt: number, call: FinishedCall) => void;
}

/** Anything whose calls can be recorded: a tracker, or the context of one of its runs. */
export interface CallSource {
  readonly recorder: CallRecorder;
}
