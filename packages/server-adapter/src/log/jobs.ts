import type { Clock } from '../primitives/clock.ts';
import type { JobRunner } from '../storage/contract/job-runner.ts';
import type { Storage } from '../storage/contract/storage.ts';
import type { Follower } from './follower.ts';

/** What a store runs by itself from time to time. */
export type Job = Parameters<JobRunner['schedule']>[0];

const aheadMs = 45 * 86_400_000;

/** What the log needs in the background: sums behind it and room before it. */
export function logJobs(parts: {
  readonly storage: Storage;
  readonly follower: Follower;
  readonly clock: Clock;
}): readonly Job[] {
  const { storage, follower, clock } = parts;
  return [
    // Pokes bring sums up to date at once; this is for what a failure or another process has left behind.
    { name: 'sums', cron: '* * * * *', run: () => follower.tick() },
    {
      name: 'partitions',
      cron: '7 * * * *',
      // Made ahead, so that the first event of a month does not wait for its table.
      async run() {
        const now = clock.now();
        for (const { id } of await storage.organizations()) {
          await storage
            .forOrganization({ organizationId: id, subject: 'job:partitions' })
            .ensurePartitions(now, now + aheadMs);
        }
      },
    },
  ];
}
