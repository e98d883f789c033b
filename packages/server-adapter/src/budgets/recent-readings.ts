import type { Clock } from '../primitives/clock.ts';
import type { BudgetReading } from '../storage/contract/budget-store.ts';

/** How long a reading serves checks in this process. */
const freshMs = 1000;
/** Readings kept at most for one organization. */
const mostKept = 10_000;

interface Kept {
  readonly readings: Promise<readonly BudgetReading[]>;
  readonly at: number;
}

/** Readings of the last second, so that checks in a burst ask the store once. */
export interface RecentReadings {
  /** What was read for the same call a moment ago, or what `read` gives. */
  get(
    organizationId: string,
    call: string,
    read: () => Promise<readonly BudgetReading[]>,
  ): Promise<readonly BudgetReading[]>;
  /** Forgets an organization's readings: a budget, its spend or what is held of it has changed here. */
  forget(organizationId: string): void;
}

/** Readings of this process. */
export function createRecentReadings(clock: Clock): RecentReadings {
  const organizations = new Map<string, Map<string, Kept>>();
  return {
    async get(organizationId, call, read) {
      const now = clock.now();
      const kept = organizations.get(organizationId) ?? new Map<string, Kept>();
      const known = kept.get(call);
      if (known !== undefined && now >= known.at && now - known.at < freshMs) return known.readings;
      if (kept.size >= mostKept) kept.clear();
      const entry: Kept = { readings: read(), at: now };
      organizations.set(organizationId, kept.set(call, entry));
      try {
        return await entry.readings;
      } catch (error) {
        // A failure is nobody else's answer.
        if (kept.get(call) === entry) kept.delete(call);
        throw error;
      }
    },
    forget: (organizationId) => void organizations.delete(organizationId),
  };
}
