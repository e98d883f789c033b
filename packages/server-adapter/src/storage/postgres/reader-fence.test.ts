import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Pool } from 'pg';
import { buildCall, buildItem, pendingFor } from '../../testing/build-events.ts';
import { createTestPostgres } from '../../testing/create-test-postgres.ts';
import { rollupNodes } from '../contract/lattice.ts';
import type { ReadScope } from '../contract/scoped-reader.ts';
import { workerDatabase } from '../engines/embedded/worker-database.ts';
import { poolDatabase } from '../engines/postgres/pool-database.ts';
import { signedScope } from './reader-session.ts';
import { createSqlStorage } from './sql-storage.ts';
import type { SqlDatabase } from './sql-database.ts';

const idleJobs = { schedule: () => undefined, start: async () => undefined, stop: async () => undefined };
const readable = [
  'event',
  'cost_entry',
  'pending_call',
  'customer',
  'invoice',
  'provider_line',
  'price',
  'flow',
  'log_head',
  'presence',
  ...rollupNodes.map(({ id }) => `rollup_${id}`),
];

const engines: readonly {
  engine: string;
  open: () => Promise<{ database: SqlDatabase; drop: () => Promise<void> }>;
}[] = [
  { engine: 'embedded', open: async () => ({ database: workerDatabase(null), drop: async () => undefined }) },
  {
    engine: 'postgres',
    open: async () => {
      const { url, drop } = await createTestPostgres();
      return { database: poolDatabase(new Pool({ connectionString: url }), { ownsPool: true }), drop };
    },
  },
];

describe.each(engines)('the fence around the reader, $engine', ({ open }) => {
  let database: SqlDatabase;
  let drop: () => Promise<void>;
  let secret: Buffer;

  beforeAll(async () => {
    ({ database, drop } = await open());
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
      hasAutovacuum: true,
      clock: { now: () => 0 },
      jobs: idleJobs,
    });
    await storage.migrate('auto');
    for (const id of ['mine', 'theirs']) {
      await storage.ensureOrganization({ id, name: id, timeZone: 'UTC' });
      const store = storage.forOrganization({ organizationId: id, subject: 'test' });
      const calls = ['c1', 'c2'].map((customerId) => buildCall({ customerId, conversationId: 'talk' }));
      const events = calls.flatMap((call) => [
        buildItem(call),
        buildItem({ ...call, id: buildCall().id }, { cost: pendingFor('no_price') }),
      ]);
      await store.append({ events, priceVersion: 1 });
      await store.putInvoices(
        [
          {
            id: 'i',
            customerId: 'c1',
            status: 'posted',
            currency: 'USD',
            totalExclTax: 1,
            totalInclTax: 1,
            issueDate: '2026-11-20',
          },
        ],
        0,
      );
      await store.putFlows([{ id: 'f', name: 'F' }], 0);
      await store.putProviderLines(
        [
          {
            sourceId: 's',
            provider: 'openai',
            from: '2026-11-20T00:00:00Z',
            to: '2026-11-21T00:00:00Z',
            fetchedAt: '2026-11-21T00:00:00Z',
          },
        ],
        0,
      );
      await store.advanceRollups(1000);
    }
    const [row] = await database.query<{ secret: string }>(
      `select encode(secret, 'hex') as secret from tallykit.reader_secret`,
    );
    secret = Buffer.from(row?.secret ?? '', 'hex');
  });
  afterAll(async () => {
    await database.close();
    await drop();
  });

  const asReader = <Result>(
    setting: string | null,
    work: (count: (table: string) => Promise<number>) => Promise<Result>,
  ) =>
    database.transaction(async (session) => {
      await session.script('set local role tallykit_reader');
      if (setting !== null) await session.query(`select set_config('tallykit.scope', $1, true)`, [setting]);
      return work(async (table) => {
        const [row] = await session.query<{ rows: number }>(
          `select count(*)::int4 as rows from tallykit.${table}`,
        );
        return row?.rows ?? -1;
      });
    });

  const visible = (setting: string | null): Promise<Record<string, number>> =>
    asReader(setting, async (count) => {
      const seen: Record<string, number> = {};
      for (const table of readable) {
        const rows = await count(table);
        if (rows > 0) seen[table] = rows;
      }
      return seen;
    });

  const scope = (customers: ReadScope['customers']): ReadScope => ({ organizationId: 'mine', customers });
  const bodyOf = (content: object): string => Buffer.from(JSON.stringify(content)).toString('base64');
  const everything = bodyOf({ organization: 'theirs', customers: 'all' });

  it.each([
    ['a missing setting', () => null],
    ['an empty setting', () => ''],
    ['an unsigned scope', () => everything],
    ['a scope as plain JSON', () => '{"organization":"theirs","customers":"all"}'],
    [
      'a signature made with another secret',
      () => signedScope(Buffer.from('guess'), { organizationId: 'theirs', customers: 'all' }),
    ],
    [
      'a plain hash of the scope',
      () => `${createHash('sha256').update(everything).digest('hex')}:${everything}`,
    ],
    [
      'the signature of another scope',
      () => `${signedScope(secret, scope('all')).slice(0, 64)}:${everything}`,
    ],
    ['a signature and nothing else', () => `${signedScope(secret, scope('all')).slice(0, 64)}:`],
  ])('shows nothing for %s', async (_what, setting) => {
    expect(await visible(setting())).toEqual({});
  });

  it('shows a customer its own rows in every table, and no sum over others', async () => {
    const seen = await visible(signedScope(secret, scope(['c1'])));
    expect(seen).toMatchObject({
      event: 2,
      cost_entry: 2,
      pending_call: 1,
      customer: 1,
      invoice: 1,
      rollup_day_customer: 2,
    });
    for (const table of ['rollup_quarter_model', 'rollup_day_status', 'provider_line', 'price']) {
      expect(seen).not.toHaveProperty(table);
    }
  });

  it('shows an operator the whole of one organization', async () => {
    const seen = await visible(signedScope(secret, scope('all')));
    expect(seen).toMatchObject({
      event: 4,
      cost_entry: 4,
      pending_call: 2,
      customer: 2,
      provider_line: 1,
      log_head: 1,
    });
  });

  it('shows a scope without customers nothing of theirs', async () => {
    expect(await visible(signedScope(secret, scope([])))).toEqual({ flow: 1, log_head: 1 });
  });

  it.each([
    'reader_secret',
    'api_key',
    'organization',
    'audit_record',
    'call_claim',
    'erasure',
    'event_2026_11',
  ])('keeps the reader out of %s', async (table) => {
    await expect(asReader(signedScope(secret, scope('all')), (count) => count(table))).rejects.toThrow(
      /permission denied/,
    );
  });

  it.each([
    `update tallykit.event set customer_id = 'c2'`,
    `delete from tallykit.cost_entry`,
    `insert into tallykit.flow values ('mine', 'x', 'x', '{}')`,
    `create table tallykit.mine (id int)`,
    `alter table tallykit.event disable row level security`,
  ])('lets the reader change nothing: %s', async (statement) => {
    const attempt = database.transaction(async (session) => {
      await session.script('set local role tallykit_reader');
      await session.query(statement);
    });
    await expect(attempt).rejects.toThrow(/permission denied|must be owner/);
  });

  it('forgets the scope at the end of the transaction', async () => {
    await visible(signedScope(secret, scope('all')));
    expect(await visible(null)).toEqual({});
  });
});
