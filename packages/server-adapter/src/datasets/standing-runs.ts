import type { FlowRunEvent } from '@tallykit/protocol';

/** A run as its events tell it. */
export interface StandingRun {
  readonly first: FlowRunEvent;
  /** The event that says how the run stands. */
  readonly standing: FlowRunEvent;
}

/**
 * Runs of flows from their events, oldest first, each once. An end outranks `running`, whichever came first, and a later event
 * an earlier one.
 *
 * @example
 * const [run] = standingRuns(events); // run?.standing.status
 */
export function standingRuns(events: readonly FlowRunEvent[]): readonly StandingRun[] {
  const sorted = events.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const runs = new Map<string, StandingRun>();
  for (const event of sorted) {
    const key = JSON.stringify([event.customerId, event.flow, event.runId]);
    const known = runs.get(key);
    const outranked =
      event.status === 'running' && known !== undefined && known.standing.status !== 'running';
    runs.set(key, {
      first: known?.first ?? event,
      standing: outranked ? known.standing : event,
    });
  }
  return [...runs.values()];
}
