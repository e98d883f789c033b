import type { Logger } from '../http/logger.ts';
import type { Job } from '../log/jobs.ts';
import type { Clock } from '../primitives/clock.ts';
import type { BudgetSelection } from '../storage/contract/budget-store.ts';
import type { Storage } from '../storage/contract/storage.ts';
import { budgetRules } from './weigh-budget.ts';

/** Counted at once at most: who asks about one of these budgets meanwhile waits for all of them. */
const pageSize = 100;
const minuteMs = 60_000;

/** Counts budgets that nobody asks about, so that levels they pass are recorded while their window is open. */
export function budgetJobs(parts: {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly logger: Logger;
}): readonly Job[] {
  const { storage, clock, logger } = parts;
  const counted = new Map<string, string>();

  async function countOf(organizationId: string, timeZone: string): Promise<void> {
    const store = storage.forOrganization({ organizationId, subject: 'job:budgets' });
    const page = { kind: 'list', customers: 'all', chargedOnly: false, ids: null, limit: pageSize } as const;
    const { sequence } = await store.logHead();
    // Nothing new in the log, and no window can have ended: there is nothing to count.
    const state = `${sequence} ${Math.floor(clock.now() / minuteMs)}`;
    if (counted.get(organizationId) === state) return;
    let after: string | null = null;
    do {
      const now = clock.now();
      const selection: BudgetSelection = { ...page, after };
      const readings = await store.readBudgets(selection, budgetRules(now, timeZone), now);
      after = readings.length < pageSize ? null : (readings.at(-1)?.budget.id ?? null);
    } while (after !== null);
    counted.set(organizationId, state);
  }

  return [
    {
      name: 'budgets',
      cron: '* * * * *',
      async run() {
        for (const { id, timeZone } of await storage.organizations()) {
          try {
            await countOf(id, timeZone);
          } catch (error) {
            logger.error('Budgets could not be counted; they will be tried again.', {
              organization: id,
              error,
            });
          }
        }
      },
    },
  ];
}
