import { InvalidArgumentError, Option, type Command } from 'commander';
import { createFollower } from '../log/follower.ts';
import { systemClock } from '../primitives/clock.ts';
import type { RollupDrift } from '../storage/contract/rollup-store.ts';
import type { Storage } from '../storage/contract/storage.ts';
import { openStorage, withStoreOptions, type StoreChoice } from './store-options.ts';

interface CheckOptions extends StoreChoice {
  readonly days: number;
  readonly repair: boolean;
}

const dayMs = 86_400_000;
const shownDrifts = 20;

/** `tallykit check [--repair]`: compares the sums with the events they were made from. */
export function addCheck(program: Command): void {
  const command = program
    .command('check')
    .description('compare all sums with the events they were made from; ends with 1 when any differs')
    .addOption(new Option('--days <number>', 'how far back to look').default(90).argParser(parseDays))
    .option('--repair', 'make the sums again from the events when any differs', false);
  withStoreOptions(command).action(check);
}

function told({ node, bucket, key, measure, stored, recomputed }: RollupDrift): string {
  return `  ${node} ${new Date(bucket).toISOString()} ${JSON.stringify(key)}: ${measure} is ${stored}, events say ${recomputed}`;
}

async function check(options: CheckOptions): Promise<void> {
  const storage = await openStorage(options);
  try {
    await storage.migrate('check');
    await createFollower({ storage, onError: () => undefined }).tick();
    for (const { id } of await storage.organizations()) await checkOrganization(storage, id, options);
  } finally {
    await storage.close();
  }
}

async function checkOrganization(
  storage: Storage,
  organizationId: string,
  options: CheckOptions,
): Promise<void> {
  const now = systemClock.now();
  const store = storage.forOrganization({ organizationId, subject: 'cli:check' });
  const range = { from: now - options.days * dayMs, to: now + 2 * dayMs };
  const drifts = await store.checkRollups(range);
  if (drifts.length === 0) {
    console.log(`${organizationId}: no drift in ${options.days} days.`);
    return;
  }
  console.log(`${organizationId}: ${drifts.length} sums differ from their events.`);
  for (const drift of drifts.slice(0, shownDrifts)) console.log(told(drift));
  if (!options.repair) {
    console.log('Run it again with --repair to make the sums again from the events.');
    process.exitCode = 1;
    return;
  }
  await store.rebuildRollups();
  const left = await store.checkRollups(range);
  console.log(left.length === 0 ? 'Repaired: no drift is left.' : `${left.length} sums still differ.`);
  if (left.length > 0) process.exitCode = 1;
}

function parseDays(text: string): number {
  const days = Number(text);
  if (Number.isInteger(days) && days >= 1 && days <= 3660) return days;
  throw new InvalidArgumentError('Give whole days from 1 to 3660.');
}
