import type { ReconciliationState } from '@tallykit/protocol';

/** One provider's day with its state. */
export interface StateOfDay {
  readonly provider: string;
  readonly day: string;
  readonly state: ReconciliationState;
}

// The worst first. Days that are still open say nothing about the whole while others are closed.
const severity: readonly ReconciliationState[] = [
  'error',
  'variance',
  'unallocated',
  'matched_with_adjustment',
  'matched',
  'waiting',
  'provisional',
  'not_configured',
];

/**
 * The state of the whole: the worst one of closed days. While none is closed, `waiting` before `provisional`;
 * `not_configured` when no provider ever reported. A provider that never reported does not hide what others did.
 */
export function stateOfAll(days: readonly StateOfDay[], everReported: boolean): ReconciliationState {
  if (!everReported) return 'not_configured';
  const states = new Set(days.map(({ state }) => state));
  return severity.find((state) => state !== 'not_configured' && states.has(state)) ?? 'waiting';
}

/** The last day through which every provider's days are matched; null when the first one is not. */
export function matchedThrough(days: readonly StateOfDay[]): string | null {
  const byDay = new Map<string, boolean>();
  for (const { day, state } of days) {
    const matched = state === 'matched' || state === 'matched_with_adjustment';
    byDay.set(day, (byDay.get(day) ?? true) && matched);
  }
  let last: string | null = null;
  for (const [day, matched] of [...byDay].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (!matched) break;
    last = day;
  }
  return last;
}

/** How many days each state holds, in the order of how serious they are. */
export function countStates(
  days: readonly StateOfDay[],
): readonly { readonly state: ReconciliationState; readonly days: number }[] {
  return severity.flatMap((state) => {
    const count = days.filter((day) => day.state === state).length;
    return count === 0 ? [] : [{ state, days: count }];
  });
}
