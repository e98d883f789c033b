import { systemClock, type Clock } from '../primitives/clock.ts';

/** A clock that a development server may be told to move. */
export interface DevClock extends Clock {
  /** Where it stands from now on, running; null for the machine's own time. Unix milliseconds. */
  set(ms: number | null): void;
}

/**
 * A clock that runs like the machine's and can be moved, so that months end and schedules fall due when somebody wants to
 * see it. For development only: with it, `PUT /v1/dev/clock` is open to everybody who reaches the server.
 *
 * @example
 * const tallykit = createTallykit({ storage: embedded(), developmentClock: createDevClock() });
 */
export function createDevClock(machine: Clock = systemClock): DevClock {
  let ahead = 0;
  return {
    now: () => machine.now() + ahead,
    set: (ms) => {
      ahead = ms === null ? 0 : ms - machine.now();
    },
  };
}
