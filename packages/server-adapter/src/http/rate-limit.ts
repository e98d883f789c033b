import type { Clock } from '../primitives/clock.ts';
import { problemError } from './problem-error.ts';

/** How many requests one caller may send. */
export interface RateLimit {
  /** Refilled steadily. */
  readonly requestsPerSecond: number;
  /** How many may come at once. */
  readonly burst: number;
}

/** Enough for a tracker of thousands of calls a second, since it sends hundreds of events a request. */
export const defaultRateLimit: RateLimit = { requestsPerSecond: 500, burst: 2000 };

/** Buckets that nobody uses are dropped when there are more than this many. */
const keptBuckets = 10_000;

/** Counts the requests of each caller in this process. */
export interface RateLimiter {
  /** Takes one request of `caller`, or throws a 429 problem that says when to come again. */
  take(caller: string): void;
}

/** One token bucket a caller. Give it the machine's own clock: a clock that stands still would never refill. */
export function createRateLimiter(limit: RateLimit, clock: Clock): RateLimiter {
  const buckets = new Map<string, { tokens: number; at: number }>();

  const dropFull = (now: number) => {
    const full = (limit.burst / limit.requestsPerSecond) * 1000;
    for (const [caller, { at }] of buckets) if (now - at >= full) buckets.delete(caller);
  };

  return {
    take: (caller) => {
      const now = clock.now();
      if (buckets.size > keptBuckets) dropFull(now);
      const bucket = buckets.get(caller) ?? { tokens: limit.burst, at: now };
      const refill = (Math.max(0, now - bucket.at) / 1000) * limit.requestsPerSecond;
      bucket.tokens = Math.min(limit.burst, bucket.tokens + refill);
      bucket.at = now;
      buckets.set(caller, bucket);
      if (bucket.tokens < 1) throw rateLimited(Math.ceil((1 - bucket.tokens) / limit.requestsPerSecond));
      bucket.tokens -= 1;
    },
  };
}

function rateLimited(seconds: number) {
  return problemError({
    status: 429,
    code: 'rate_limited',
    title: 'Too many requests',
    detail: `These credentials have sent too many requests at once. Wait ${seconds} s and send fewer, larger batches.`,
    headers: { 'retry-after': String(seconds) },
  });
}
