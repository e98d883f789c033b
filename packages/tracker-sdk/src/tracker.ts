import type { LossReason } from '@tallykit/protocol';
import type { BudgetDecision, BudgetScope } from './budget-source.ts';
import type { Attribution } from './context/attribution.ts';
import type { EventRecorder } from './events/event-recorder.ts';
import type { CallFacts, CallRecorder } from './observe/call-recorder.ts';

/** Attribution of a run, and the trace that it joins. */
export interface RunAttribution extends Attribution {
  /**
   * A W3C `traceparent` header to join, for example the incoming request's. Default: the active OpenTelemetry span,
   * else the enclosing run, else a new trace.
   */
  readonly traceparent?: string | undefined;
  /**
   * Every call in this run is an attempt of one logical call: retries by hand, and fallbacks from one provider to
   * another. One call is counted, the last; each attempt tells what it cost. The attempts are sent when the run's
   * function is through. Default: false.
   */
  readonly asOneCall?: boolean | undefined;
}

/** A call that no wrapper saw. `provider`, `requestModel` and `operation` are needed. */
export interface ManualCall
  extends
    Partial<Omit<CallFacts, 'provider' | 'requestModel' | 'operation'>>,
    Pick<CallFacts, 'provider' | 'requestModel' | 'operation'>,
    Attribution {
  /** When it started, as a date or Unix milliseconds. Default: `durationMs` ago. */
  readonly startedAt?: Date | number | undefined;
  /** Whole milliseconds. Default: 0. */
  readonly durationMs?: number | undefined;
}

/** What a tracker and the context of a run both record. */
export interface Entrance extends EventRecorder {
  /**
   * Records a call by hand, for providers without a wrapper.
   *
   * @example
   * tracker.record({ provider: 'mistral', requestModel: 'small', operation: 'chat', usage: { input: 9, output: 4 } });
   */
  readonly record: (call: ManualCall) => void;
  /** For provider wrappers. */
  readonly recorder: CallRecorder;
}

/** The inside of a run: the explicit way to attribute, which works without ambient storage. */
export interface RunContext extends Entrance {
  /** W3C trace id of everything in this run, 32 hex digits. */
  readonly traceId: string;
  /** W3C `traceparent` of this run, for requests and jobs that go on with it elsewhere. */
  readonly traceparent: string;
  readonly attribution: Attribution;
  /**
   * A client like the given wrapped one whose calls belong to this run, wherever they are made from. An unwrapped
   * client is returned as it is, and `unsupported_sdk` is counted.
   */
  readonly wrap: <Client extends object>(client: Client) => Client;
}

/** What became of everything recorded: `recorded` is the sum of `accepted`, `duplicates`, `queued` and the lost events. */
export interface TrackerStats {
  readonly recorded: number;
  readonly accepted: number;
  /** Known to the server already; counted once there. */
  readonly duplicates: number;
  /** Waiting, or on the way. */
  readonly queued: number;
  /**
   * By reason. `field_stripped`, `unsupported_sdk`, `context_unavailable` and `observer_failed` count incidents; the
   * others count events that were recorded and will not arrive.
   */
  readonly lost: Readonly<Partial<Record<LossReason, number>>>;
  /** Requests made so far, repeated ones included. */
  readonly requests: number;
  /** Calls that have started and not ended. */
  readonly unfinished: number;
}

/** Counts, attributes and delivers. None of its methods throws, and none delays the host's own calls. */
export interface Tracker extends Entrance {
  /**
   * Runs a function; every call and signal in it, also in what it starts, belongs to this attribution. Runs nest: the
   * inner one wins, key by key. Returns what the function returns.
   *
   * @example
   * const answer = await tracker.run({ customerId: 'cus_42', flow: 'triage' }, () => answerTicket(ticket));
   */
  readonly run: <Result>(attribution: RunAttribution, body: (context: RunContext) => Result) => Result;
  /**
   * Whether a customer, product or flow is inside its budgets, by a decision of the server that is kept for a short
   * while. Without attribution: that of the run. Needs the option `budgets`; without it, and whenever the server does
   * not answer, the decision is to allow, and says why.
   *
   * @example
   * if (!(await tracker.budget({ customerId: 'cus_42' })).allowed) showUpgrade();
   */
  readonly budget: (scope?: BudgetScope) => Promise<BudgetDecision>;
  /**
   * Sends everything recorded so far. Resolves to `false`, never rejects, when that takes longer than
   * `flushTimeoutMs`. In serverless functions hand it to `waitUntil`.
   */
  readonly flush: () => Promise<boolean>;
  /**
   * Records calls still running as incomplete, flushes, then stops for good. What could not be sent in time is lost
   * as `shutdown_timeout`, and so is everything recorded afterwards.
   */
  readonly shutdown: () => Promise<boolean>;
  readonly stats: () => TrackerStats;
}
