/** Where the time comes from. Passed in everywhere, so that tests decide what time it is. */
export interface Clock {
  /** Unix milliseconds. */
  now(): number;
}

/**
 * The clock of this machine.
 *
 * @example
 * const startedAt = systemClock.now();
 */
export const systemClock: Clock = { now: () => Date.now() };

/** A clock that stands still until it is told otherwise. */
export interface ManualClock extends Clock {
  /** Jumps to `ms` (Unix milliseconds), backwards too. */
  set(ms: number): void;
  /** Moves on by `ms` milliseconds. */
  advance(ms: number): void;
}

/**
 * A clock for tests and replays.
 *
 * @example
 * const clock = createManualClock(Date.parse('2026-11-20T10:00:00Z'));
 * clock.advance(60_000);
 * clock.now(); // 10:01
 */
export function createManualClock(start: number): ManualClock {
  let now = start;
  return {
    now: () => now,
    set: (ms) => {
      now = ms;
    },
    advance: (ms) => {
      now += ms;
    },
  };
}
