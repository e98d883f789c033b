import { Client } from 'pg';
import { afterEach, describe, expect, it } from 'vitest';
import { buildCall, buildItem } from '../../../testing/build-events.ts';
import { createTestPostgres, type TestPostgres } from '../../../testing/create-test-postgres.ts';
import { StorageError } from '../../contract/storage-error.ts';
import type { Storage } from '../../contract/storage.ts';
import { migrations } from '../../postgres/migrations/migration-list.ts';
import { migrationSql, postgres } from './index.ts';

const codeOf = (error: unknown): string | null => (StorageError.is(error) ? error.code : null);
const failureOf = (work: Promise<unknown>): Promise<string | null> =>
  work.then(
    () => null,
    (error: unknown) => codeOf(error) ?? String(error),
  );

describe('starting on PostgreSQL', () => {
  const opened: Storage[] = [];
  const made: TestPostgres[] = [];
  afterEach(async () => {
    for (const storage of opened.splice(0)) await storage.close();
    for (const database of made.splice(0)) await database.drop();
  });

  const fresh = async (): Promise<TestPostgres> => {
    const database = await createTestPostgres();
    made.push(database);
    return database;
  };
  const open = (...[options]: Parameters<typeof postgres>): Storage => {
    const storage = postgres(options);
    opened.push(storage);
    return storage;
  };
  const run = async (url: string, statement: string): Promise<void> => {
    const client = new Client({ connectionString: url });
    await client.connect();
    try {
      await client.query(statement);
    } finally {
      await client.end();
    }
  };

  it('says that the schema is missing, and how to make it', async () => {
    const { url } = await fresh();
    const storage = open({ url });
    expect(await failureOf(storage.migrate('check'))).toBe('schema_out_of_date');
    expect(await storage.health()).toMatchObject({ ready: false, schemaVersion: 0 });
  });

  it('takes a schema that an administrator made from the script', async () => {
    const { url } = await fresh();
    await run(url, migrationSql());
    const storage = open({ url });
    expect(await storage.migrate('check')).toEqual([]);
    await storage.ensureOrganization({ id: 'o', name: 'O', timeZone: 'UTC' });
    expect(await storage.organizations()).toHaveLength(1);
  });

  it('migrates once when several processes start at once', async () => {
    const { url } = await fresh();
    const applied = await Promise.all(
      [open({ url }), open({ url }), open({ url })].map((each) => each.migrate('auto')),
    );
    expect(applied.flat().sort()).toEqual(migrations.map(({ version }) => version));
  });

  it('refuses a schema that a newer release made', async () => {
    const { url } = await fresh();
    const storage = open({ url });
    await storage.migrate('auto');
    await run(url, `insert into tallykit.schema_version (version, name) values (999, 'from the future')`);
    expect(await failureOf(storage.migrate('auto'))).toBe('schema_too_new');
    expect(await failureOf(storage.migrate('check'))).toBe('schema_too_new');
  });

  it('does not start without the second wall, unless it is told to do without', async () => {
    const { url, adminUrl } = await fresh();
    const address = new URL(url);
    const name = address.pathname.slice(1);
    const poor = `poor_${name}`;
    await run(adminUrl, `create role ${poor} login password 'poor'; alter database ${name} owner to ${poor}`);
    // The role is there, but this user may neither take it on nor make one.
    await run(
      adminUrl,
      `do $$ begin create role tallykit_reader nologin; exception when others then null; end $$`,
    );
    address.username = poor;
    address.password = 'poor';
    expect(await failureOf(open({ url: address.href }).migrate('auto'))).toBe(
      'row_level_security_unavailable',
    );

    const without = open({ url: address.href, rowLevelSecurity: 'off' });
    await without.migrate('auto');
    await without.ensureOrganization({ id: 'o', name: 'O', timeZone: 'UTC' });
    const call = buildCall({ customerId: 'c1' });
    await without
      .forOrganization({ organizationId: 'o', subject: 't' })
      .append({ events: [buildItem(call)], priceVersion: 1 });
    const plan = { kind: 'call', id: call.id } as const;
    expect((await without.forScope({ organizationId: 'o', customers: ['c1'] }).read(plan)).rows).toHaveLength(
      1,
    );
    expect((await without.forScope({ organizationId: 'o', customers: ['c2'] }).read(plan)).rows).toEqual([]);
    expect(await without.health()).toMatchObject({ ready: true, rowLevelSecurity: 'off' });
    await without.close();
    await run(
      adminUrl,
      `alter database ${name} owner to tallykit_owner; reassign owned by ${poor} to tallykit_owner; drop owned by ${poor}; drop role ${poor}`,
    );
  });

  it('says that a server that is not there does not answer', async () => {
    const storage = open({ url: 'postgres://nobody@127.0.0.1:1/nothing' });
    expect(await failureOf(storage.migrate('auto'))).toBe('unavailable');
    expect(await storage.health()).toMatchObject({ ready: false });
  });
});
