import { describe, expect, it } from 'vitest';
import { createManualClock } from '../primitives/clock.ts';
import { ProblemError } from './problem-error.ts';
import { createRateLimiter } from './rate-limit.ts';

describe('createRateLimiter', () => {
  it('lets a burst through, then says when to come again, for each caller apart', () => {
    const clock = createManualClock(0);
    const limiter = createRateLimiter({ requestsPerSecond: 0.5, burst: 2 }, clock);
    limiter.take('a');
    limiter.take('a');
    limiter.take('b');
    let caught: unknown;
    try {
      limiter.take('a');
    } catch (error) {
      caught = error;
    }
    expect(ProblemError.is(caught) && [caught.status, caught.headers]).toEqual([429, { 'retry-after': '2' }]);
    clock.advance(2000);
    limiter.take('a');
    expect(() => limiter.take('a')).toThrow('too many requests');
  });

  it('forgets callers that are quiet', () => {
    const clock = createManualClock(0);
    const limiter = createRateLimiter({ requestsPerSecond: 1, burst: 1 }, clock);
    for (let index = 0; index <= 10_000; index += 1) limiter.take(`caller-${index}`);
    expect(() => limiter.take('caller-0')).toThrow('too many requests');
    clock.advance(1000);
    limiter.take('caller-0');
  });
});
