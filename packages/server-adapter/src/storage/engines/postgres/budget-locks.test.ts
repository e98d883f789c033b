import { Pool } from 'pg';
import { afterAll, expect, it } from 'vitest';
import { buildCall, buildItem } from '../../../testing/build-events.ts';
import { createTestPostgres } from '../../../testing/create-test-postgres.ts';
import { at, budget } from '../../../testing/storage-suite/budget-fixtures.ts';
import { newOrganization } from '../../../testing/storage-suite/suite-context.ts';
import { postgres } from './index.ts';

const cleanUp: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const step of cleanUp.toReversed()) await step();
});

it('stores events while somebody who is to be forgotten waits for a budget that is being counted', async () => {
  const database = await createTestPostgres();
  const storage = postgres({ url: database.url });
  const counting = new Pool({ connectionString: database.url });
  cleanUp.push(
    () => database.drop(),
    () => storage.close(),
    () => counting.end(),
  );
  await storage.migrate('auto');
  const organization = await newOrganization(storage);
  await organization.append(buildItem(buildCall({ customerId: 'c1' })));
  await organization.store.putBudgets([budget('cap')], at);
  const long = await counting.connect();
  await long.query('begin');
  await long.query('select 1 from tallykit.budget for update');

  await organization.store.eraseCustomer('c1', at);
  const erased = organization.catchUp();
  const isWaiting = async () =>
    (
      await counting.query(
        "select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()",
      )
    ).rowCount === 1;
  await expect.poll(isWaiting).toBe(true);
  const stored = organization.append(buildItem(buildCall({ customerId: 'c2' })));
  const late = new Promise((resolve) => setTimeout(() => resolve('late'), 2_000));
  const first = await Promise.race([stored, late]);

  await long.query('rollback');
  long.release();
  await Promise.all([stored, erased]);
  expect(first).not.toBe('late');
});
