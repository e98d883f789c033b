import type { LossCount, LossReason } from '@tallykit/protocol';
import { TrackerError } from '../errors/tracker-error.ts';
import { createQueue } from './queue.ts';
import { quietTimer } from './quiet-timer.ts';
import { isIngestAnswer, readAnswer } from './read-answer.ts';
import { giveUpReason, isBusy, retryDelay } from './retry-policy.ts';
import { sendBatch, type SendResult, type SendTarget } from './send-batch.ts';
import type { EventSpool } from './event-spool.ts';

/** Settings of a delivery; `TrackerOptions` tells what each means. */
export interface DeliveryOptions extends SendTarget {
  readonly maxQueueEvents?: number | undefined;
  readonly maxQueueBytes?: number | undefined;
  readonly maxBatchEvents?: number | undefined;
  readonly maxBatchBytes?: number | undefined;
  readonly flushIntervalMs?: number | undefined;
  readonly requestTimeoutMs?: number | undefined;
  readonly maxAttempts?: number | undefined;
  readonly spool?: EventSpool | undefined;
  readonly waitUntil?: ((work: Promise<unknown>) => void) | undefined;
  readonly flushTimeoutMs?: number | undefined;
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
  readonly lost: Readonly<Partial<Record<LossReason, number>>>;
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

/** Timers come late on a busy host. */
const graceMs = 1000;

/** One request at a time, so that a slow server is met with patience and not with more requests. */
export function createDelivery(
  options: DeliveryOptions,
  { fraction, onTick, outside }: DeliverySurroundings,
): Delivery {
  const {
    maxQueueEvents = 100_000,
    maxQueueBytes = 2 ** 24,
    maxBatchBytes = 2 ** 19,
    flushIntervalMs = 1000,
    requestTimeoutMs = 10_000,
    maxAttempts = 20,
    flushTimeoutMs = 5000,
    spool,
    waitUntil,
    now = Date.now,
    onLoss,
    onError,
  } = options;
  let { maxBatchEvents = 500 } = options;
  const queue = createQueue(maxQueueEvents, maxQueueBytes);
  const lost: Partial<Record<LossReason, number>> = {};
  /** Of what was lost, what the server has been told. */
  const told: typeof lost = {};
  /** Events that were changed after the server refused them: they get no second repair. */
  const repaired = new Set<string>();
  let onTheWay: readonly string[] = [];
  /**
   * Which drain may act. An edge runtime ends what a request of the host began together with the request, without a
   * word: promises of it never settle, timers never fire. Whoever flushes later takes over.
   */
  let shift = 0;
  /** When the drain has to have gone on, if it is there at all. */
  let overdueAt = 0;
  /** In a row, and those of them that the server is to blame for. */
  let failures = 0;
  let strikes = 0;
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
  let settledBy = 0;
  let request: AbortController | undefined;

  const isFull = (): boolean => queue.count() >= maxBatchEvents || queue.bytes() >= maxBatchBytes;
  const queued = (): number => queue.count() + onTheWay.length + (spool?.spilled() ?? 0);
  // Starts in a later turn, so that nothing is encoded in the host's own.
  const drain = (): Promise<void> => {
    if (!draining) expectWithin(requestTimeoutMs);
    const mine = shift;
    return (draining ??= Promise.resolve(mine)
      .then(sendAll)
      .catch(() => broken(mine)));
  };

  /** A spool of the host's own may fail, and no failure of delivery may be one of the process. */
  function broken(mine: number): void {
    if (mine === shift) draining = undefined;
    lose('observer_failed', 1);
  }

  function expectWithin(milliseconds: number): void {
    overdueAt = now() + milliseconds + graceMs;
  }

  function lose(reason: LossReason, count: number): void {
    if (!count) return;
    lost[reason] = (lost[reason] ?? 0) + count;
    reportDue = true;
    hook(() => onLoss?.({ reason, count }));
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

  async function sendAll(mine: number): Promise<void> {
    while (!stopped && mine === shift) {
      // What fell out of a full queue comes back from the disk when there is room again.
      if (!queue.count()) lose('queue_full', spool?.restore(take) ?? 0);
      if (!(queue.count() ? everythingDue || isFull() : everythingDue && reportDue)) break;
      const events = await queue.take(maxBatchEvents, maxBatchBytes);
      if (stopped) break;
      if (mine !== shift) {
        queue.restore(events);
        break;
      }
      // Without events it is a report of losses alone, which is worth one try: it rides with the next events anyway.
      reportDue &&= events.length > 0;
      onTheWay = events;
      expectWithin(requestTimeoutMs);
      const needed = await attempt(events, mine);
      if (needed) await pause(needed);
      if (mine === shift) wake = undefined;
    }
    // A flush that waits for this drain waits for the one that took over.
    if (mine !== shift) return draining;
    draining = undefined;
    everythingDue = false;
    if (queue.count() || reportDue) start(flushIntervalMs);
  }

  /** A flush cuts a pause short, unless it is the server that asked for it. */
  const pause = ({ milliseconds, asked }: Pause): Promise<void> =>
    new Promise((resolve) => {
      expectWithin(milliseconds);
      wake = asked ? undefined : resolve;
      quietTimer(resolve, milliseconds);
    });

  /** Goes on in place of a drain that waits or is gone; should it answer after all, nobody listens. */
  function takeOver(): void {
    shift++;
    queue.restore(onTheWay);
    onTheWay = [];
    draining = undefined;
    wake?.();
    wake = undefined;
  }

  /** Sends a batch; what of it has to be sent again goes back to the queue. Tells how long to wait before that. */
  async function attempt(events: readonly string[], mine: number): Promise<Pause | undefined> {
    const losses = (Object.entries(lost) as [LossReason, number][]).flatMap(([reason, total]) => {
      const count = total - (told[reason] ?? 0);
      return count ? { reason, count } : [];
    });
    if (!events.length && !losses.length) return undefined;
    const controller = (request = new AbortController());
    const deadline = quietTimer(() => controller.abort(), requestTimeoutMs);
    requests++;
    const { signal } = controller;
    // A transport, or a fetch function of the host's, may go on without an end.
    const givenUp = new Promise<never>((_, reject) => {
      signal.onabort = () => reject(signal.reason as Error);
    });
    const { status, body, error, retryAfterMs }: SendResult = await Promise.race([
      sendBatch(options, events, losses, signal),
      givenUp,
    ]).catch((failure: unknown) => ({ status: 0, error: failure }));
    clearTimeout(deadline);
    if (stopped || mine !== shift) return undefined;
    onTheWay = [];
    if (status === 200 && isIngestAnswer(body)) {
      const { landed, refused, resend } = readAnswer(events, body, repaired);
      const known = Math.min(landed, Number(body.duplicates) || 0);
      accepted += landed - known;
      duplicates += known;
      failures = strikes = 0;
      for (const { reason, count } of losses) told[reason] = (told[reason] ?? 0) + count;
      for (const reason of refused) lose(reason, 1);
      lose('field_stripped', resend.length);
      queue.restore(resend);
      spool?.settle(events, resend);
      return undefined;
    }
    if (status === 413 && events.length > 1) {
      maxBatchEvents = Math.ceil(events.length / 2);
      queue.restore(events);
      return undefined;
    }
    failures++;
    if (!isBusy(status)) strikes++;
    const reason = giveUpReason(status, strikes >= maxAttempts);
    if (reason) {
      lose(reason, events.length);
      spool?.settle(events, []);
    } else queue.restore(events);
    hook(() =>
      onError?.(
        new TrackerError(
          reason ? 'delivery_refused' : 'delivery_failed',
          `HTTP ${status}: ${events.length} events are ${reason ? 'lost' : 'kept'}. Check endpoint and apiKey.`,
          error,
        ),
      ),
    );
    if (reason) {
      failures = strikes = 0;
      return undefined;
    }
    void queue.pack(maxBatchEvents);
    return { milliseconds: retryDelay(failures, retryAfterMs, fraction()), asked: !!retryAfterMs };
  }

  function take(event: string, important = true): void {
    const dropped = queue.push(event, important);
    if (spool) spool.spill(dropped);
    else lose('queue_full', dropped);
    if (waitUntil && now() >= settledBy) hook(() => waitUntil(settled()));
    start(isFull() ? 0 : flushIntervalMs);
    if (failures) void queue.pack(maxBatchEvents);
  }

  /** Waits a moment for company, then sends everything: for hosts that freeze when nobody waits. */
  const settled = async (): Promise<void> => {
    const moment = Math.min(flushIntervalMs, 100);
    settledBy = now() + moment + graceMs;
    await new Promise((resolve) => setTimeout(resolve, moment));
    settledBy = 0;
    await flush(flushTimeoutMs);
  };

  function flush(timeoutMs: number): Promise<boolean> {
    everythingDue = reportDue = true;
    if (draining && (wake || now() > overdueAt)) takeOver();
    const drained = outside(drain);
    return new Promise((resolve) => {
      // The only timer that holds the process: someone is waiting for it.
      const deadline = setTimeout(() => resolve(false), timeoutMs);
      void drained.then(() => {
        clearTimeout(deadline);
        resolve(!queued());
      });
    });
  }

  spool?.open((event) => {
    recorded++;
    take(event);
  });

  return {
    enqueue(event, important) {
      recorded++;
      if (stopped) return lose(stopped, 1);
      spool?.keep(event);
      take(event, important);
    },
    lose(reason, events) {
      recorded += events;
      lose(reason, 1);
      start(flushIntervalMs);
    },
    flush,
    stop(reason) {
      if (stopped) return;
      // What is on disk is not lost: the next process sends it.
      lose(reason, spool ? spool.close(queued()) : queued());
      stopped = reason;
      onTheWay = [];
      queue.clear();
      request?.abort();
    },
    counts: () => ({ recorded, accepted, duplicates, queued: queued(), requests, lost: { ...lost } }),
  };
}

interface Pause {
  readonly milliseconds: number;
  readonly asked: boolean;
}

/** Calls a hook of the host, whose failure must not become one of delivery. */
function hook(call: () => void): void {
  try {
    call();
  } catch {
    // It is the host's own hook, so the host has its own ways to learn of it.
  }
}
