import { expect, test } from 'vitest';
import { createManualClock } from '../primitives/clock.ts';
import type { RollupDrift } from '../storage/contract/rollup-store.ts';
import type { OrganizationStore, Storage } from '../storage/contract/storage.ts';
import { referenceStorage } from '../testing/index.ts';
import { rollupJobs } from './jobs.ts';

const drift: RollupDrift = {
  node: 'quarter_model',
  bucket: Date.UTC(2026, 10, 19),
  key: { provider: 'openai' },
  measure: 'calls',
  stored: '3',
  recomputed: '2',
};

async function runWith(drifts: readonly RollupDrift[]): Promise<readonly [string, unknown][]> {
  const clock = createManualClock(Date.UTC(2026, 10, 20, 3, 10));
  const reference = referenceStorage({ clock });
  await reference.ensureOrganization({ id: 'acme', name: 'Acme', timeZone: 'UTC' });
  const storage: Storage = {
    ...reference,
    forOrganization: (principal): OrganizationStore => ({
      ...reference.forOrganization(principal),
      checkRollups: async () => drifts,
    }),
  };
  const told: [string, unknown][] = [];
  const logger = {
    error: (message: string, details: unknown) => void told.push([message, details]),
    warn: () => undefined,
  };
  for (const job of rollupJobs({ storage, clock, logger })) await job.run();
  return told;
}

test('sums that agree with their events are not worth a word', async () => {
  expect(await runWith([])).toEqual([]);
});

test('sums that differ are told to the host with what differs and what to do', async () => {
  const [[message, details] = []] = await runWith([drift]);
  expect(message).toContain('tallykit check --repair');
  expect(details).toEqual({ organizationId: 'acme', drifts: [drift] });
});
