import type { LossCount, LossReason } from '@tallykit/protocol';
import { TrackerError } from '../errors/tracker-error.ts';
import { createLossReport, type LossReport } from './loss-report.ts';
import { createQueue } from './queue.ts';
import { quietTimer } from './quiet-timer.ts';
import { isIngestAnswer, readAnswer } from './read-answer.ts';
import { giveUpReason, retryDelay } from './retry-policy.ts';
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
  /** Counts a loss: of this many events before they could be queued, or (0) of something else. */
  readonly lose: (reason: LossReason, events: number) => void;
  /** Sends everything recorded so far. `false` when that took longer than this many milliseconds. */
  readonly flush: (timeoutMs: number) => Promise<boolean>;
  /** Gives up: what is left is lost for this reason, and so is everything that comes later. */
  readonly stop: (reason: LossReason) => void;
  readonly counts: () => DeliveryCounts;
}

/** One request at a time, so that a slow server is met with patience and not with more requests. */
export function createDelivery(
  options: DeliveryOptions,
  { fraction, onTick, outside }: DeliverySurroundings,
): Delivery {
  const {
    maxQueueEvents = 20_000,
    maxQueueBytes = 2 ** 24,
    maxBatchBytes = 2 ** 19,
    onLoss,
    onError,
  } = options;
  const { flushIntervalMs = 1000, requestTimeoutMs = 10_000, maxAttempts = 20 } = options;
  let { maxBatchEvents = 500 } = options;
  const queue = createQueue(maxQueueEvents, maxQueueBytes);
  const losses = createLossReport(onLoss);
  /** What is on the way, or waits to be sent again. Without events: a report of losses alone. */
  let batch: readonly string[] | undefined;
  let attempts = 0;
  /** The batch was offered once already and changed since: it gets no second repair. */
  let repaired = false;
  let recorded = 0;
  let accepted = 0;
  let duplicates = 0;
  let requests = 0;
  let everythingDue = false;
  let reportDue = false;
  let draining: Promise<void> | undefined;
  let stopped: LossReason | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let timerDelayMs = Infinity;
  let wake: (() => void) | undefined;
  let request: AbortController | undefined;

  const isFull = (): boolean => queue.count() >= maxBatchEvents || queue.bytes() >= maxBatchBytes;
  const queued = (): number => queue.count() + (batch?.length ?? 0);
  // Starts in a later turn, so that nothing is encoded in the host's own.
  const drain = (): Promise<void> => (draining ??= Promise.resolve().then(sendAll));

  function lose(reason: LossReason, count: number): void {
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

  function next(events: readonly string[] | undefined, changed = false): void {
    batch = events?.length ? events : undefined;
    repaired = changed;
    attempts = 0;
  }

  /** Puts the next batch on the way. `false` when nothing is due. */
  function load(): boolean {
    if (batch || stopped) return !stopped;
    if (!queue.count()) {
      if (!everythingDue || !reportDue) return false;
      reportDue = false;
      batch = [];
      return losses.unreported().length > 0;
    }
    if (!everythingDue && !isFull()) return false;
    next(queue.take(maxBatchEvents, maxBatchBytes));
    return true;
  }

  async function sendAll(): Promise<void> {
    while (load()) await attempt(batch ?? []);
    batch = undefined;
    draining = undefined;
    everythingDue = false;
    if (queue.count() || reportDue) start(flushIntervalMs);
  }

  async function attempt(events: readonly string[]): Promise<void> {
    const reported = losses.unreported();
    const controller = (request = new AbortController());
    const deadline = quietTimer(() => controller.abort(), requestTimeoutMs);
    requests++;
    attempts++;
    const { status, body, error, retryAfterMs } = await sendBatch(
      options,
      events,
      reported,
      controller.signal,
    ).catch((failure: unknown) => ({ status: 0, body: undefined, error: failure, retryAfterMs: undefined }));
    clearTimeout(deadline);
    if (stopped) return;
    if (status === 200 && isIngestAnswer(body)) {
      const { landed, lost, resend } = readAnswer(events, body, repaired);
      const known = Math.min(landed, body.duplicates || 0);
      accepted += landed - known;
      duplicates += known;
      losses.confirm(reported);
      lose('field_stripped', resend.length);
      for (const reason of lost) lose(reason, 1);
      return next(resend, true);
    }
    if (status === 413 && events.length > 1) {
      maxBatchEvents = Math.ceil(events.length / 2);
      queue.restore(events);
      return next([]);
    }
    const reason = giveUpReason(status, attempts, maxAttempts);
    try {
      onError?.(
        new TrackerError(
          reason ? 'delivery_refused' : 'delivery_failed',
          `HTTP ${status}: ${events.length} events are ${reason ? 'lost' : 'kept'}. Check endpoint and apiKey.`,
          error,
        ),
      );
    } catch {
      // The hook is the host's; its failure must not stop delivery.
    }
    if (reason || !events.length) {
      // A report of losses alone is worth one try: it rides with the next events anyway.
      if (reason) lose(reason, events.length);
      return next([]);
    }
    // A flush cuts the pause short, unless it is the server that asked for it.
    await new Promise<void>((resolve) => {
      quietTimer(resolve, retryDelay(attempts, retryAfterMs, fraction()));
      wake = retryAfterMs ? undefined : resolve;
    });
  }

  return {
    enqueue(event, important) {
      recorded++;
      if (stopped) return lose(stopped, 1);
      lose('queue_full', queue.push(event, important));
      start(isFull() ? 0 : flushIntervalMs);
    },
    lose(reason, events) {
      recorded += events;
      lose(reason, 1);
      start(flushIntervalMs);
    },
    flush(timeoutMs) {
      everythingDue = reportDue = true;
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
      lose(reason, queued());
      stopped = reason;
      batch = undefined;
      queue.take(Infinity, Infinity);
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
