import type { BudgetSource } from './budget-source.ts';
import type { AsyncStorageConstructor } from './context/ambient.ts';
import type { DeliveryOptions } from './delivery/deliver.ts';
import type { EventSpool } from './delivery/event-spool.ts';
import type { FetchFunction, IngestTransport } from './delivery/send-batch.ts';
import type { CountTokens } from './observe/estimate-usage.ts';
import type { TrackerError } from './errors/tracker-error.ts';
import type { RandomUuid } from './identity/identifiers.ts';
import type { LossCount } from '@tallykit/protocol';

/** Settings of `createTracker`. Either `endpoint` or `transport` is needed; everything else has a default. */
export interface TrackerOptions extends DeliveryOptions {
  /** Where the server adapter is mounted, for example `https://app.example.com/api/tallykit`. */
  readonly endpoint?: string | undefined;
  /** An ingest key of the server. Not needed with `transport`. */
  readonly apiKey?: string | undefined;
  /** Takes batches in this process, in place of `endpoint`: `createTracker({ transport: tallykit.ingest })`. */
  readonly transport?: IngestTransport | undefined;
  /** Put on every event that has no environment of its own, for example `production`. Default: none. */
  readonly environment?: string | undefined;
  /**
   * Counts the tokens of a text, for the estimate of streams that end before they tell their usage. Default: a token
   * for four characters. Estimates stand beside counted usage, never in it.
   */
  readonly countTokens?: CountTokens | undefined;
  /** Budgets to ask, and to guard calls with: `budgets()` of `@tallykit/tracker-sdk/budgets`. Default: none. */
  readonly budgets?: BudgetSource | undefined;
  /** Events that may wait at once; beyond, the oldest unimportant ones are dropped and counted. Default: 100,000. */
  readonly maxQueueEvents?: number | undefined;
  /** Bytes that may wait at once; events that wait through an outage are packed, to about 90 bytes each. Default: 16 MiB. */
  readonly maxQueueBytes?: number | undefined;
  /** Events a request. Default: 500. */
  readonly maxBatchEvents?: number | undefined;
  /** Bytes a request, before compression. Default: 512 KiB. */
  readonly maxBatchBytes?: number | undefined;
  /** Bytes an event; a larger one is dropped and counted. Default: 32 KiB. */
  readonly maxEventBytes?: number | undefined;
  /** Milliseconds that an event waits for company. Default: 1,000. */
  readonly flushIntervalMs?: number | undefined;
  /** Milliseconds until a request is given up and tried again. Default: 10,000. */
  readonly requestTimeoutMs?: number | undefined;
  /**
   * Attempts for a batch that the server answers with an error that is not `429` or `503`. Default: 20, which take
   * about nine minutes. An unreachable or busy server uses up none: the queue waits for it.
   */
  readonly maxAttempts?: number | undefined;
  /** Milliseconds that `flush`, `shutdown` and the flush at exit take at most. Default: 5,000. */
  readonly flushTimeoutMs?: number | undefined;
  /**
   * Keeps what waits on disk as well, so that it survives the process: `diskSpool()` of
   * `@tallykit/tracker-sdk/spool`. Default: none.
   */
  readonly spool?: EventSpool | undefined;
  /**
   * Given the work of sending, in hosts that freeze when nobody waits for anything: `waitUntil` of `@vercel/functions`
   * or of `cloudflare:workers`. Events are then sent about a tenth of a second after they were recorded. What it throws
   * is ignored. Default: none; `flush` can be handed over by hand as well.
   */
  readonly waitUntil?: ((work: Promise<unknown>) => void) | undefined;
  /** Sends what is left when the process has nothing else to do (`beforeExit`, never a signal). Default: true. */
  readonly flushAtExit?: boolean | undefined;
  /** Called for each loss, with its reason. What it throws is ignored. */
  readonly onLoss?: ((loss: LossCount) => void) | undefined;
  /** Called when a request fails, also when it will be tried again. What it throws is ignored. */
  readonly onError?: ((error: TrackerError) => void) | undefined;
  /** Default: the global `fetch`, looked up at each request. */
  readonly fetch?: FetchFunction | undefined;
  /** Unix milliseconds. Default: `Date.now`. */
  readonly now?: (() => number) | undefined;
  /** Randomness for ids and jitter. Default: `crypto.randomUUID`. */
  readonly randomUUID?: RandomUuid | undefined;
  /**
   * The class that carries attribution through asynchronous code. Default: the runtime's own. Give it on Node below
   * 20.16: `import { AsyncLocalStorage } from 'node:async_hooks'`. `null` turns ambient attribution off.
   */
  readonly asyncLocalStorage?: AsyncStorageConstructor | null | undefined;
}
