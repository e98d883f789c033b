import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildCall, buildItem, pricedAt } from '../../testing/build-events.ts';
import type { OrganizationStore } from '../contract/storage.ts';
import { workerDatabase } from '../engines/embedded/worker-database.ts';
import { createSqlStorage } from './sql-storage.ts';

const at = Date.UTC(2026, 10, 20, 10);
const range = { from: at, to: at + 1 };
const idleJobs = { schedule: () => undefined, start: async () => undefined, stop: async () => undefined };

describe('checkRollups', () => {
  const database = workerDatabase(null);
  let store: OrganizationStore;

  beforeAll(async () => {
    const storage = createSqlStorage({
      engine: 'test',
      database,
      capabilities: {
        survivesProcessDeath: false,
        survivesPowerLoss: false,
        rowLevelSecurity: true,
        manyProcesses: false,
      },
      rowLevelSecurity: 'on',
      hasAutovacuum: false,
      clock: { now: () => at },
      jobs: idleJobs,
    });
    await storage.migrate('auto');
    await storage.ensureOrganization({ id: 'o', name: 'O', timeZone: 'Asia/Kathmandu' });
    store = storage.forOrganization({ organizationId: 'o', subject: 'test' });
    const call = buildCall({ customerId: 'c1', conversationId: 'talk' });
    await store.append({ events: [buildItem(call, { cost: pricedAt('0.5') })], priceVersion: 1 });
    await store.advanceRollups(10);
  });
  afterAll(() => database.close());

  it('tells which figure of which sum differs, and by how much', async () => {
    await database.query(`update tallykit.rollup_day_model set calls = 7, list_amount = 0.75`);
    const midnight = Date.UTC(2026, 10, 19, 18, 15);
    const key = { provider: 'openai', model: 'gpt-4o-mini', environment: null, currency: 'USD' };
    expect(await store.checkRollups(range)).toEqual([
      { node: 'day_model', bucket: midnight, key, measure: 'calls', stored: '7', recomputed: '1' },
      { node: 'day_model', bucket: midnight, key, measure: 'list_amount', stored: '0.75', recomputed: '0.5' },
    ]);
  });

  it('tells of rows that are missing and of rows that nothing stands behind', async () => {
    await store.rebuildRollups();
    await database.query(`delete from tallykit.presence`);
    await database.query(`update tallykit.rollup_quarter_customer set customer_id = 'ghost'`);
    const drifts = await store.checkRollups(range);
    expect(drifts.filter(({ node }) => node === 'presence')).toMatchObject([
      {
        measure: 'present',
        stored: null,
        recomputed: '1',
        key: { conversation_id: 'talk', message_id: null },
      },
    ]);
    const calls = drifts.filter(({ node, measure }) => node === 'quarter_customer' && measure === 'calls');
    expect(
      calls.map(({ key, stored, recomputed }) => [key['customer_id'], stored, recomputed]).sort(),
    ).toEqual([
      ['c1', null, '1'],
      ['ghost', '1', null],
    ]);
  });

  it('finds nothing after a rebuild, nor on days on which nothing happened', async () => {
    await store.rebuildRollups();
    expect(await store.checkRollups({ from: at - 3 * 86_400_000, to: at + 86_400_000 })).toEqual([]);
    expect(await store.checkRollups({ from: at, to: at })).toEqual([]);
  });
});
