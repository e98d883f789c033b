import { Pool } from 'pg';
import { afterAll, expect, it } from 'vitest';
import { buildCall, buildItem } from '../../../testing/build-events.ts';
import { createTestPostgres } from '../../../testing/create-test-postgres.ts';
import { at, budget, read } from '../../../testing/storage-suite/budget-fixtures.ts';
import { newOrganization } from '../../../testing/storage-suite/suite-context.ts';
import { postgres } from './index.ts';

const cleanUp: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const step of cleanUp.toReversed()) await step();
});

const reasonable = 2_000;

async function locked() {
  const database = await createTestPostgres();
  const storage = postgres({ url: database.url });
  const others = new Pool({ connectionString: database.url });
  cleanUp.push(
    () => database.drop(),
    () => storage.close(),
    () => others.end(),
  );
  await storage.migrate('auto');
  const organization = await newOrganization(storage);
  await organization.append(buildItem(buildCall({ customerId: 'c1' })));
  await organization.store.putBudgets([budget('cap')], at);
  const long = await others.connect();
  await long.query('begin');
  await long.query('select 1 from tallykit.budget for update');
  const waiting = async (): Promise<number> => {
    const { rowCount } = await others.query(
      "select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()",
    );
    return rowCount ?? 0;
  };
  return {
    ...organization,
    waiting,
    /** Whether another customer's event is stored in time. */
    async stores() {
      const stored = organization.append(buildItem(buildCall({ customerId: 'c2' }))).then(() => true);
      const late = new Promise<false>((resolve) => setTimeout(() => resolve(false), reasonable));
      return { inTime: await Promise.race([stored, late]), stored };
    },
    async unlock() {
      await long.query('rollback');
      long.release();
    },
  };
}

it('stores events while somebody who is to be forgotten waits for a budget that is being counted', async () => {
  const { store, catchUp, waiting, stores, unlock } = await locked();
  await store.eraseCustomer('c1', at);
  const erased = catchUp();
  await expect.poll(waiting).toBe(1);
  const { inTime, stored } = await stores();
  await unlock();
  await Promise.all([stored, erased]);
  expect(inTime).toBe(true);
});

it('stores events while many ask about a budget that is being counted, who are told to ask again', async () => {
  const { store, waiting, stores, unlock } = await locked();
  const asked = Array.from({ length: 30 }, () =>
    read(store).then(
      () => null,
      (error: unknown) => error,
    ),
  );
  await expect.poll(waiting).toBeGreaterThan(1);
  const { inTime, stored } = await stores();
  const first = await Promise.race(asked);
  await unlock();
  await Promise.all([stored, ...asked]);
  expect(inTime).toBe(true);
  expect(first).toMatchObject({ code: 'unavailable' });
});
