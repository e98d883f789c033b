import type { CallContext, CallFacts, CallRecorder, UnfinishedCall } from './call-recorder.ts';

type Mutable<Type> = { -readonly [Key in keyof Type]: Type[Key] };

/** How a call, or one attempt of it, ended. */
export interface CallEnd {
  readonly status: CallFacts['status'];
  readonly complete: boolean;
  readonly errorClass?: string | undefined;
  readonly httpStatus?: number | undefined;
}

/** What is known of a call before it ends; a provider's readers write into it. */
export type KnownFacts = Mutable<Omit<CallFacts, keyof CallEnd | 'firstChunkMs'>>;

/** The lifetime of one call from its start to the one event, or one event an attempt, that it leaves behind. */
export class ObservedCall implements UnfinishedCall {
  readonly facts: KnownFacts;
  idleSince: number | undefined;
  outOfSight = false;
  readonly #recorder: CallRecorder;
  readonly #context: CallContext;
  readonly #callId: string;
  #attemptId: string;
  #startedAt: number;
  #firstChunkAt: number | undefined;
  #attempt = 1;
  #betweenAttempts = false;
  #ended = false;

  constructor(recorder: CallRecorder, facts: KnownFacts) {
    this.#recorder = recorder;
    this.facts = facts;
    this.#startedAt = recorder.now();
    this.#context = recorder.context();
    this.#callId = recorder.newId(this.#startedAt);
    this.#attemptId = this.#callId;
    recorder.unfinished.add(this);
  }

  /** Attribution and trace, fixed when the call started. */
  get context(): CallContext {
    return this.#context;
  }

  /** The provider has done its part for now; the host's code decides what comes next. */
  handToHost(): void {
    this.idleSince = this.#recorder.now();
  }

  /** A piece of a stream reached the host. */
  chunkPassed(): void {
    this.idleSince = this.#recorder.now();
    this.#firstChunkAt ??= this.idleSince;
  }

  /** The host is not going to use what is being watched; look again soon. */
  leaveSight(): void {
    this.outOfSight = true;
    this.handToHost();
    this.#recorder.watch();
  }

  /** Another attempt follows this one. */
  attemptFailed(end: CallEnd): void {
    if (this.#ended || this.#betweenAttempts) return;
    const { provider, operation, requestModel } = this.facts;
    this.#record(false, { provider, operation, requestModel, ...end });
    this.#betweenAttempts = true;
  }

  /** The attempt that follows a failed one goes out now. */
  attemptStarted(): void {
    if (this.#ended || !this.#betweenAttempts) return;
    this.#betweenAttempts = false;
    this.#attempt++;
    this.#startedAt = this.#recorder.now();
    this.#attemptId = this.#recorder.newId(this.#startedAt);
  }

  /** Records the call. Only the first end counts. */
  end(end: CallEnd): void {
    if (this.#ended) return;
    this.attemptStarted();
    this.#ended = true;
    this.#recorder.unfinished.delete(this);
    const firstChunkMs =
      this.#firstChunkAt === undefined ? undefined : Math.max(0, this.#firstChunkAt - this.#startedAt);
    this.#record(true, { ...this.facts, ...end, firstChunkMs });
  }

  /** Nothing is known of the call's use, and that is what is recorded. */
  drop(): void {
    this.#ended = true;
    this.#recorder.unfinished.delete(this);
  }

  abandon(): void {
    if (this.outOfSight) this.end({ status: 'ok', complete: false, errorClass: 'usage_absent' });
    else this.end({ status: 'aborted', complete: false, errorClass: 'abandoned' });
  }

  #record(final: boolean, facts: CallFacts): void {
    const durationMs = Math.max(0, this.#recorder.now() - this.#startedAt);
    const attempt = { id: this.#attemptId, callId: this.#callId, attempt: this.#attempt, final, durationMs };
    this.#recorder.record(this.#context, attempt, facts);
  }
}
