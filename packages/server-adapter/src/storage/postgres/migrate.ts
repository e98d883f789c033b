import { StorageError } from '../contract/storage-error.ts';
import { migrations, schemaVersion } from './migrations/migration-list.ts';
import { readerFenceSql, readerRole, readerRoleSql } from './migrations/reader-fence.ts';
import type { SqlDatabase, SqlSession } from './sql-database.ts';

/** Whether rows are fenced by the database as well as by the query. */
export type RowLevelSecurity = 'on' | 'off';

const versionTable = `create schema if not exists tallykit;
create table if not exists tallykit.schema_version (
  version integer primary key, name text not null, applied_at timestamptz not null default now()
);`;

/** The version that the database is at; 0 before the first migration. */
export async function currentVersion(session: SqlSession): Promise<number> {
  const [there] = await session.query<{ readonly found: boolean }>(
    `select to_regclass('tallykit.schema_version') is not null as found`,
  );
  if (there?.found !== true) return 0;
  const [row] = await session.query<{ readonly version: number | null }>(
    'select max(version)::int4 as version from tallykit.schema_version',
  );
  return row?.version ?? 0;
}

/**
 * The whole schema as one script for a database administrator, from `from` (0: an empty database) to the newest version.
 *
 * @example
 * await writeFile('tallykit.sql', migrationSql());
 */
export function migrationSql({ from = 0, rowLevelSecurity = 'on' as RowLevelSecurity } = {}): string {
  const steps = migrations
    .filter(({ version }) => version > from)
    .map(
      ({ version, name, sql }) =>
        `-- ${version}: ${name}\n${sql}\ninsert into tallykit.schema_version (version, name) values (${version}, '${name}');`,
    );
  const fence = rowLevelSecurity === 'on' ? [readerRoleSql, readerFenceSql] : [];
  return ['begin;', "set local lock_timeout = '3s';", versionTable, ...steps, ...fence, 'commit;', ''].join(
    '\n',
  );
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function unavailable(cause: unknown): StorageError {
  return new StorageError(
    'row_level_security_unavailable',
    `The role ${readerRole} cannot be used (${reasonOf(cause)}), so the database would not fence one customer's rows from ` +
      `another's. Let an administrator run "create role ${readerRole} nologin" and grant it to this user, or pass ` +
      "rowLevelSecurity: 'off' to rely on the queries alone.",
    { cause },
  );
}

/** Fails unless the reader's role can be taken on and cannot bypass row-level security. */
export async function checkReaderRole(database: SqlDatabase): Promise<void> {
  let role: { readonly bypasses: boolean } | undefined;
  try {
    role = await database.transaction(
      async (session) =>
        (
          await session.query<{ readonly bypasses: boolean }>(
            'select rolsuper or rolbypassrls as bypasses from pg_roles where rolname = current_user',
          )
        )[0],
      { begin: `begin; set local role ${readerRole}` },
    );
  } catch (error) {
    throw unavailable(error);
  }
  if (role?.bypasses !== false) throw unavailable('it may bypass row-level security');
}

async function apply(database: SqlDatabase, rowLevelSecurity: RowLevelSecurity): Promise<number[]> {
  return database.transaction(async (session) => {
    // Another process's migration is waited for; tables that the application holds are not, for it would wait behind us.
    await session.query(`select pg_advisory_xact_lock(hashtext('tallykit migrations'))`);
    await session.script("set local lock_timeout = '3s'");
    await session.script(versionTable);
    const version = await currentVersion(session);
    const missing = migrations.filter((migration) => migration.version > version);
    for (const migration of missing) {
      await session.script(migration.sql);
      await session.query('insert into tallykit.schema_version (version, name) values ($1, $2)', [
        migration.version,
        migration.name,
      ]);
    }
    if (rowLevelSecurity === 'on' && missing.length > 0) {
      try {
        await session.script(readerRoleSql);
      } catch (error) {
        throw unavailable(error);
      }
      await session.script(readerFenceSql);
    }
    return missing.map((migration) => migration.version);
  });
}

/** Brings the schema up to date, or checks that it is. Returns the versions applied. */
export async function migrate(
  database: SqlDatabase,
  mode: 'auto' | 'check',
  rowLevelSecurity: RowLevelSecurity,
): Promise<readonly number[]> {
  const version = await currentVersion(database);
  if (version > schemaVersion) {
    throw new StorageError(
      'schema_too_new',
      `The database is at schema version ${version}, this release knows ${schemaVersion}. Start the newer release, which ` +
        'made it; an older one might write what the newer cannot read.',
    );
  }
  if (mode === 'check' && version < schemaVersion) {
    throw new StorageError(
      'schema_out_of_date',
      `The database is at schema version ${version}, this release needs ${schemaVersion}. Run "tallykit migrate" first, or ` +
        "pass migrate: 'auto'.",
    );
  }
  const applied = mode === 'auto' ? await apply(database, rowLevelSecurity) : [];
  if (rowLevelSecurity === 'on') await checkReaderRole(database);
  return applied;
}
