import { isLazyPromise } from '../observe/observe-promise.ts';
import { seePromise } from '../observe/see-promise.ts';

/** Observed activity in one workspace. What was observed twice, by two windows or two requests at once, counts once. */
export interface Workspace {
  /** Somebody or something is active now. Call it as often as you like: it is cheap, and only the time between counts. */
  readonly active: () => void;
  /** Counts the time that a function takes as activity, however long it is quiet. Returns what the function returns. */
  readonly during: <Result>(body: () => Result) => Result;
  /** Records what was observed and not recorded yet. Shutdown does the same. */
  readonly end: () => void;
}

/** One observed interval. */
export type RecordInterval = (startedAt: number, seconds: number) => void;

/** After this long without activity, the time in between was no activity. */
const idleAfterMs = 60_000;
/** Intervals are recorded at this length, so that a process that dies takes little with it. */
const intervalMs = 60_000;

/** What the tracker holds of a workspace. */
export interface ObservedWorkspace extends Workspace {
  readonly abandon: (before: number) => void;
}

/** Observes a workspace: sums the time between signs of activity, without timers. */
export function observeWorkspace(now: () => number, record: RecordInterval): ObservedWorkspace {
  let startedAt = 0;
  let seenAt: number | undefined;
  let running = 0;

  /** Records whole seconds; what is left of a second goes into the next interval. */
  function close(): void {
    for (;;) {
      const seconds = Math.min(86_400, Math.floor(((seenAt ?? 0) - startedAt) / 1000));
      if (seconds < 1) return;
      record(startedAt, seconds);
      startedAt += seconds * 1000;
    }
  }

  const workspace: ObservedWorkspace = {
    active() {
      const time = now();
      if (seenAt === undefined || time < seenAt || (time - seenAt > idleAfterMs && !running)) {
        workspace.end();
        startedAt = time;
      }
      seenAt = time;
      if (time - startedAt >= intervalMs) close();
    },
    during(body) {
      workspace.active();
      running++;
      const ended = (): void => {
        workspace.active();
        running--;
      };
      let result;
      try {
        result = body();
      } catch (error) {
        ended();
        throw error;
      }
      // A promise that reads its body when it is asked to stays unasked, so that the host can read it in its own way.
      if (result instanceof Promise && !isLazyPromise(result)) return seePromise(result, ended, ended);
      ended();
      return result;
    },
    end() {
      if (seenAt === undefined) return;
      close();
      seenAt = running ? seenAt : undefined;
    },
    abandon(before) {
      if (running) workspace.active();
      if ((seenAt ?? Infinity) <= before) workspace.end();
    },
  };
  return workspace;
}
