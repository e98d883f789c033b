import type { LossReason } from '@tallykit/protocol';
import { TrackerError } from '../errors/tracker-error.ts';
import type { LossReport } from './loss-report.ts';
import { createQueue, type Priority, type QueueLimits } from './queue.ts';
import { isIngestAnswer, readAnswer } from './read-answer.ts';
import { judge, retryDelay, type SendResult } from './retry-policy.ts';
import type { SendBatch } from './send-batch.ts';

/** What a delivery is made of. */
export interface DeliveryParts {
  readonly send: SendBatch;
  readonly losses: LossReport;
  readonly queue: QueueLimits;
  readonly maxBatchEvents: number;
  readonly maxBatchBytes: number;
  readonly flushIntervalMs: number;
  readonly requestTimeoutMs: number;
  readonly maxAttempts: number;
  /** From 0 to below 1, for jitter. */
  readonly fraction: () => number;
  readonly onError: ((error: TrackerError) => void) | undefined;
  /** Called before each timed flush. */
  readonly onTick: () => void;
  /** Runs a function outside of the host's asynchronous context, so that our requests join none of its traces. */
  readonly outside: <Result>(callback: () => Result) => Result;
}

/** Counts of one delivery. `recorded` is the sum of the others and of the events lost. */
export interface DeliveryCounts {
  readonly recorded: number;
  readonly accepted: number;
  readonly duplicates: number;
  /** Waiting, or on the way. */
  readonly queued: number;
  readonly requests: number;
}

/** Brings events to the server. */
export interface Delivery {
  readonly enqueue: (event: string, priority: Priority) => void;
  /** Counts an event that is lost before it could be queued. */
  readonly lose: (reason: LossReason) => void;
  /** Makes sure that a timed flush comes. */
  readonly schedule: () => void;
  /** Sends everything recorded so far. `false` when that took longer than this many milliseconds. */
  readonly flush: (timeoutMs: number) => Promise<boolean>;
  /** Gives up: what is left is lost for this reason, and so is everything that comes later. */
  readonly stop: (reason: LossReason) => void;
  readonly counts: () => DeliveryCounts;
}

interface Batch {
  readonly events: readonly string[];
  /** Already offered once, and changed since: it gets no second repair. */
  readonly repaired: boolean;
  attempts: number;
}

interface Waiter {
  readonly target: number;
  readonly done: (delivered: boolean) => void;
}

/** A timer that keeps no process alive. */
function quietTimer(callback: () => void, milliseconds: number): ReturnType<typeof setTimeout> {
  const timer = setTimeout(callback, milliseconds);
  (timer as { unref?: () => void }).unref?.();
  return timer;
}

/** One request at a time, so that a slow server is met with patience and not with more requests. */
export function createDelivery(parts: DeliveryParts): Delivery {
  const { losses } = parts;
  const queue = createQueue(parts.queue);
  const waiters = new Set<Waiter>();
  let maxBatchEvents = parts.maxBatchEvents;
  let ahead: Batch[] = [];
  let recorded = 0;
  let accepted = 0;
  let duplicates = 0;
  let lost = 0;
  let requests = 0;
  let failures = 0;
  let reportDue = false;
  let everythingDue = false;
  let draining = false;
  let stopReason: LossReason | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let timerDelayMs = Infinity;
  let wake: (() => void) | undefined;
  let abort: (() => void) | undefined;

  function lose(reason: LossReason, count: number): void {
    lost += count;
    losses.add(reason, count);
    settle();
  }

  function settle(): void {
    for (const waiter of waiters) {
      if (accepted + duplicates + lost >= waiter.target) waiter.done(true);
    }
  }

  const isFull = (): boolean => queue.count() >= maxBatchEvents || queue.bytes() >= parts.maxBatchBytes;

  function start(delayMs: number): void {
    if (draining || stopReason || timerDelayMs <= delayMs) return;
    clearTimeout(timer);
    timerDelayMs = delayMs;
    timer = parts.outside(() =>
      quietTimer(() => {
        timerDelayMs = Infinity;
        if (delayMs > 0) {
          parts.onTick();
          everythingDue = true;
        }
        void drain();
      }, delayMs),
    );
  }

  function nextBatch(): Batch | undefined {
    const waiting = ahead.shift();
    if (waiting) return waiting;
    if (queue.count() > 0 && (isFull() || everythingDue)) {
      return { events: queue.take(maxBatchEvents, parts.maxBatchBytes), repaired: false, attempts: 0 };
    }
    if (queue.count() > 0 || !reportDue || losses.unreported().length === 0) return undefined;
    reportDue = false;
    return { events: [], repaired: true, attempts: 0 };
  }

  async function drain(): Promise<void> {
    if (draining || stopReason) return;
    draining = true;
    for (let batch = nextBatch(); batch; batch = stopReason ? undefined : nextBatch()) {
      // Stays in front while it is on the way, so that it is counted as queued.
      ahead.unshift(batch);
      const reported = losses.unreported();
      const result = await attempt(batch, reported);
      if (stopReason) break;
      const pauseMs = conclude(batch, result);
      if (pauseMs === undefined) losses.confirm(result.status === 200 ? reported : []);
      else await pause(pauseMs, result.retryAfterMs !== undefined);
    }
    draining = false;
    everythingDue = false;
    if (queue.count() > 0) start(parts.flushIntervalMs);
  }

  function attempt(batch: Batch, reported: ReturnType<LossReport['unreported']>): Promise<SendResult> {
    requests++;
    const controller = new AbortController();
    return new Promise((resolve) => {
      const expire = (): void => {
        resolve({ status: 0, error: new Error('The request was given up.') });
        controller.abort();
      };
      const deadline = quietTimer(expire, parts.requestTimeoutMs);
      abort = expire;
      void parts.send(batch.events, reported, controller.signal).then((result) => {
        clearTimeout(deadline);
        resolve(result);
      });
    });
  }

  /** Acts on a result. Milliseconds to wait when the batch, which stays in front, is to be tried again. */
  function conclude(batch: Batch, result: SendResult): number | undefined {
    const { events, repaired } = batch;
    const body = result.status === 200 ? result.body : undefined;
    const answered = isIngestAnswer(body);
    const verdict = judge(result.status, answered);
    if (answered) {
      const outcome = readAnswer(events, body, repaired);
      ahead.shift();
      if (outcome.resend.length > 0) ahead.unshift({ events: outcome.resend, repaired: true, attempts: 0 });
      failures = 0;
      accepted += outcome.accepted;
      duplicates += outcome.duplicates;
      losses.add('field_stripped', outcome.strippedFields);
      for (const reason of outcome.lost) lose(reason, 1);
      settle();
      return undefined;
    }
    const half = Math.ceil(events.length / 2);
    if (verdict === 'split' && events.length > 1) {
      maxBatchEvents = Math.min(maxBatchEvents, half);
      const parted = [events.slice(0, half), events.slice(half)];
      ahead.splice(0, 1, ...parted.map((part) => ({ events: part, repaired, attempts: 0 })));
      return undefined;
    }
    failures++;
    batch.attempts += verdict === 'retry' ? 1 : 0;
    const givenUp = lossOf(verdict, result.status, batch.attempts >= parts.maxAttempts);
    // A report of losses without events is worth one try; it rides with the next events anyway.
    if (givenUp || events.length === 0) {
      ahead.shift();
      if (givenUp) lose(givenUp, events.length);
    }
    complain(events.length, result.status, givenUp, result.error);
    if (givenUp || events.length === 0) return undefined;
    return retryDelay(failures, result.retryAfterMs, parts.fraction());
  }

  function complain(count: number, status: number, givenUp: LossReason | undefined, cause: unknown): void {
    const reason = status === 0 ? 'the server could not be reached' : `the server answered ${status}`;
    const advice = status === 401 || status === 403 ? 'check the API key' : 'check the endpoint and its logs';
    const fate = givenUp ? `lost (${givenUp})` : 'kept and sent again later';
    try {
      parts.onError?.(
        new TrackerError(
          givenUp ? 'delivery_refused' : 'delivery_failed',
          `${reason}; ${count} events are ${fate}; ${advice}.`,
          cause,
        ),
      );
    } catch {
      // The hook is the host's; its failure must not stop delivery.
    }
  }

  /** A flush cuts a pause short, unless it is the server that asked for it. */
  function pause(milliseconds: number, askedFor: boolean): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(paused);
        wake = undefined;
        resolve();
      };
      const paused = quietTimer(end, milliseconds);
      if (!askedFor) wake = end;
    });
  }

  const queued = (): number => queue.count() + ahead.reduce((sum, batch) => sum + batch.events.length, 0);

  return {
    enqueue(event, priority) {
      recorded++;
      if (stopReason) return lose(stopReason, 1);
      const dropped = queue.push(event, priority);
      if (dropped > 0) lose('queue_full', dropped);
      start(isFull() ? 0 : parts.flushIntervalMs);
    },
    lose(reason) {
      recorded++;
      lose(reason, 1);
    },
    schedule() {
      reportDue = true;
      start(parts.flushIntervalMs);
    },
    flush(timeoutMs) {
      everythingDue = true;
      reportDue = true;
      wake?.();
      parts.outside(() => void drain());
      if (queued() === 0) return Promise.resolve(true);
      return new Promise((resolve) => {
        const done = (delivered: boolean): void => {
          clearTimeout(deadline);
          waiters.delete(waiter);
          resolve(delivered);
        };
        // The only timer that holds the process: someone is waiting for it.
        const deadline = setTimeout(() => done(false), timeoutMs);
        const waiter: Waiter = { target: recorded, done };
        waiters.add(waiter);
      });
    },
    stop(reason) {
      if (stopReason) return;
      stopReason = reason;
      clearTimeout(timer);
      const left = queued();
      queue.clear();
      ahead = [];
      lose(reason, left);
      for (const waiter of waiters) waiter.done(false);
      wake?.();
      abort?.();
    },
    counts: () => ({ recorded, accepted, duplicates, queued: queued(), requests }),
  };
}

function lossOf(
  verdict: ReturnType<typeof judge>,
  status: number,
  exhausted: boolean,
): LossReason | undefined {
  if (verdict === 'split') return 'event_too_large';
  if (verdict === 'refused') return 'rejected';
  if (verdict !== 'retry' || !exhausted) return undefined;
  return status === 401 || status === 403 ? 'unauthorized' : 'retries_exhausted';
}
