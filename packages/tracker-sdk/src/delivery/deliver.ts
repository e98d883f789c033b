import type { LossCount, LossReason } from '@tallykit/protocol';
import { TrackerError } from '../errors/tracker-error.ts';
import { createLossReport, type LossReport } from './loss-report.ts';
import { createQueue } from './queue.ts';
import { quietTimer } from './quiet-timer.ts';
import { isIngestAnswer, readAnswer } from './read-answer.ts';
import { judge, retryDelay, type SendResult } from './retry-policy.ts';
import { sendBatch, type SendTarget } from './send-batch.ts';

/** Settings of a delivery; `TrackerOptions` tells what each means. */
export interface DeliveryOptions extends SendTarget {
  readonly maxQueueEvents?: number | undefined;
  readonly maxQueueBytes?: number | undefined;
  readonly maxBatchEvents?: number | undefined;
  readonly maxBatchBytes?: number | undefined;
  readonly flushIntervalMs?: number | undefined;
  readonly requestTimeoutMs?: number | undefined;
  readonly maxAttempts?: number | undefined;
  readonly onLoss?: ((loss: LossCount) => void) | undefined;
  readonly onError?: ((error: TrackerError) => void) | undefined;
}

/** What a delivery needs of its surroundings. */
export interface DeliverySurroundings {
  /** From 0 to below 1, for jitter. */
  readonly fraction: () => number;
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
  readonly lost: LossReport['totals'];
}

/** Brings events to the server. */
export interface Delivery {
  /** Takes an event as JSON text. */
  readonly enqueue: (event: string, important: boolean) => void;
  /** Counts a loss. `event`: of an event, before it could be queued. Default: of something else. */
  readonly lose: (reason: LossReason, event?: boolean) => void;
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
  /** How often the server failed on it. */
  failures: number;
}

const batchOf = (events: readonly string[], repaired = false): Batch => ({ events, repaired, failures: 0 });

/** One request at a time, so that a slow server is met with patience and not with more requests. */
export function createDelivery(
  options: DeliveryOptions,
  { fraction, onTick, outside }: DeliverySurroundings,
): Delivery {
  const { maxQueueEvents = 20_000, maxQueueBytes = 2 ** 24, maxBatchBytes = 2 ** 19 } = options;
  const { flushIntervalMs = 1000, requestTimeoutMs = 10_000, maxAttempts = 20, onLoss, onError } = options;
  let { maxBatchEvents = 500 } = options;
  const queue = createQueue(maxQueueEvents, maxQueueBytes);
  const losses = createLossReport(onLoss);
  /** Batches that come before the queue; the first one may be on the way. */
  let ahead: Batch[] = [];
  let recorded = 0;
  let accepted = 0;
  let duplicates = 0;
  let requests = 0;
  let failuresInRow = 0;
  let everythingDue = false;
  let reportDue = false;
  let draining: Promise<void> | undefined;
  let stopped: LossReason | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let timerDelayMs = Infinity;
  let wake: (() => void) | undefined;
  let request: AbortController | undefined;

  const isFull = (): boolean => queue.count() >= maxBatchEvents || queue.bytes() >= maxBatchBytes;
  const queued = (): number => ahead.reduce((sum, { events }) => sum + events.length, queue.count());

  function add(reason: LossReason, count: number): void {
    losses.add(reason, count);
    reportDue ||= count > 0;
  }

  function start(delayMs: number): void {
    if (draining || stopped || timerDelayMs <= delayMs) return;
    clearTimeout(timer);
    timerDelayMs = delayMs;
    timer = outside(() =>
      quietTimer(() => {
        timerDelayMs = Infinity;
        if (delayMs) {
          onTick();
          everythingDue = true;
        }
        void drain();
      }, delayMs),
    );
  }

  function nextBatch(): Batch | undefined {
    if (stopped) return undefined;
    if (!ahead.length && queue.count() && (everythingDue || isFull())) {
      ahead.push(batchOf(queue.take(maxBatchEvents, maxBatchBytes)));
    } else if (!ahead.length && !queue.count() && reportDue && everythingDue) {
      reportDue = false;
      if (losses.unreported().length) ahead.push(batchOf([]));
    }
    return ahead[0];
  }

  // Starts in a later turn, so that nothing is encoded in the host's own.
  const drain = (): Promise<void> => (draining ??= Promise.resolve().then(sendAll));

  async function sendAll(): Promise<void> {
    for (let batch = nextBatch(); batch; batch = nextBatch()) {
      const reported = losses.unreported();
      const result = await attempt(batch, reported);
      if (stopped) break;
      const { body } = result;
      if (result.status === 200 && isIngestAnswer(body)) {
        losses.confirm(reported);
        conclude(readAnswer(batch.events, body, batch.repaired));
      } else {
        const pauseMs = cope(batch, result);
        if (pauseMs !== undefined) await pause(pauseMs, result.retryAfterMs !== undefined);
      }
    }
    draining = undefined;
    everythingDue = false;
    if (queue.count() || reportDue) start(flushIntervalMs);
  }

  async function attempt({ events }: Batch, reported: readonly LossCount[]): Promise<SendResult> {
    requests++;
    const controller = (request = new AbortController());
    const deadline = quietTimer(() => controller.abort(), requestTimeoutMs);
    try {
      return await sendBatch(options, { events, losses: reported }, controller.signal);
    } catch (error) {
      return { status: 0, error };
    } finally {
      clearTimeout(deadline);
    }
  }

  function conclude(outcome: ReturnType<typeof readAnswer>): void {
    failuresInRow = 0;
    ahead.shift();
    if (outcome.resend.length) ahead.unshift(batchOf(outcome.resend, true));
    accepted += outcome.accepted;
    duplicates += outcome.duplicates;
    add('field_stripped', outcome.strippedFields);
    for (const reason of outcome.lost) add(reason, 1);
  }

  /** Deals with a failure. Milliseconds to wait when the batch, which stays in front, is to be tried again. */
  function cope(batch: Batch, { status, error, retryAfterMs }: SendResult): number | undefined {
    const { events, repaired } = batch;
    const verdict = judge(status);
    if (verdict === 'split' && events.length > 1) {
      maxBatchEvents = Math.ceil(events.length / 2);
      ahead.splice(
        0,
        1,
        batchOf(events.slice(0, maxBatchEvents), repaired),
        batchOf(events.slice(maxBatchEvents), repaired),
      );
      return undefined;
    }
    failuresInRow++;
    const exhausted = verdict === 'retry' && ++batch.failures >= maxAttempts;
    const reason = lossOf(status, exhausted);
    const fate = reason ? `lost (${reason})` : 'kept and sent again';
    try {
      onError?.(
        new TrackerError(
          reason ? 'delivery_refused' : 'delivery_failed',
          `${events.length} events are ${fate}: ${status ? `HTTP ${status}` : 'no answer'}. Check endpoint and apiKey.`,
          error,
        ),
      );
    } catch {
      // The hook is the host's; its failure must not stop delivery.
    }
    if (events.length && !reason) return retryDelay(failuresInRow, retryAfterMs, fraction());
    // A report of losses alone is worth one try: it rides with the next events anyway.
    ahead.shift();
    if (reason) add(reason, events.length);
    return undefined;
  }

  /** A flush cuts a pause short, unless it is the server that asked for it. */
  function pause(milliseconds: number, askedFor: boolean): Promise<void> {
    return new Promise((resolve) => {
      quietTimer(resolve, milliseconds);
      wake = askedFor ? undefined : resolve;
    });
  }

  function lose(reason: LossReason, event = false): void {
    if (event) recorded++;
    add(reason, 1);
    start(flushIntervalMs);
  }

  return {
    enqueue(event, important) {
      if (stopped) return lose(stopped, true);
      recorded++;
      add('queue_full', queue.push(event, important));
      start(isFull() ? 0 : flushIntervalMs);
    },
    lose,
    schedule: () => start(flushIntervalMs),
    flush(timeoutMs) {
      everythingDue = true;
      reportDue = true;
      wake?.();
      const drained = outside(drain);
      return new Promise((resolve) => {
        // The only timer that holds the process: someone is waiting for it.
        const deadline = setTimeout(() => resolve(false), timeoutMs);
        void drained.then(() => {
          clearTimeout(deadline);
          resolve(!queued());
        });
      });
    },
    stop(reason) {
      if (stopped) return;
      losses.add(reason, queued());
      stopped = reason;
      ahead = [];
      queue.take(Infinity, Infinity);
      clearTimeout(timer);
      request?.abort();
    },
    counts: () => ({
      recorded,
      accepted,
      duplicates,
      queued: queued(),
      requests,
      lost: { ...losses.totals },
    }),
  };
}

function lossOf(status: number, exhausted: boolean): LossReason | undefined {
  const verdict = judge(status);
  if (verdict === 'split') return 'event_too_large';
  if (verdict === 'refuse') return 'rejected';
  if (!exhausted) return undefined;
  return status === 401 || status === 403 ? 'unauthorized' : 'retries_exhausted';
}
