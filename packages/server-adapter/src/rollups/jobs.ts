import type { Logger } from '../http/logger.ts';
import type { Clock } from '../primitives/clock.ts';
import type { JobRunner } from '../storage/contract/job-runner.ts';
import type { Storage } from '../storage/contract/storage.ts';

const dayMs = 86_400_000;
const checkedDays = 7;
const toldDrifts = 5;

/**
 * What the sums need in the background: once a day those of the last week are compared with their events. What differs
 * is told to the host's log; `tallykit check --repair` mends it.
 */
export function rollupJobs(parts: {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly logger: Logger;
}): readonly Parameters<JobRunner['schedule']>[0][] {
  const { storage, clock, logger } = parts;
  return [
    {
      name: 'check_sums',
      cron: '10 3 * * *',
      async run() {
        const now = clock.now();
        for (const { id } of await storage.organizations()) {
          const drifts = await storage
            .forOrganization({ organizationId: id, subject: 'job:check_sums' })
            .checkRollups({ from: now - checkedDays * dayMs, to: now });
          if (drifts.length === 0) continue;
          logger.error(
            `${drifts.length} sums of the last ${checkedDays} days differ from their events, so answers are wrong by as much. Run "tallykit check --repair".`,
            { organizationId: id, drifts: drifts.slice(0, toldDrifts) },
          );
        }
      },
    },
  ];
}
