import { timeOfUuidV7 } from '../../primitives/uuid-v7.ts';
import { StorageError } from '../contract/storage-error.ts';
import { currentVersion } from './migrate.ts';
import { createPartitions } from './partitions.ts';
import type { SqlDatabase, SqlSession } from './sql-database.ts';

const rowsAtOnce = 2_000;
/** Made by the migration itself, for each database anew. */
const ownToEach = ['schema_version', 'reader_secret', 'cursor_secret'];

/** How far a copy is. */
export interface CopyProgress {
  readonly table: string;
  readonly rows: number;
}

interface Table {
  readonly name: string;
  readonly keys: readonly { readonly name: string; readonly type: string }[];
}

// Partitions are copied through their parents; organizations come first, because others point at them.
async function tablesOf(session: SqlSession): Promise<readonly Table[]> {
  const rows = await session.query<{ readonly name: string; readonly key: string; readonly type: string }>(
    `select c.relname::text as name, a.attname::text as key, format_type(a.atttypid, a.atttypmod) as type
     from pg_class c
     join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'tallykit'
     join pg_index i on i.indrelid = c.oid and i.indisprimary
     cross join unnest(i.indkey::int2[]) with ordinality as k(attnum, place)
     join pg_attribute a on a.attrelid = c.oid and a.attnum = k.attnum
     where c.relkind in ('r', 'p') and not c.relispartition
     order by c.relname <> 'organization', c.relname, k.place`,
  );
  return [...Map.groupBy(rows, ({ name }) => name)]
    .filter(([name]) => !ownToEach.includes(name))
    .map(([name, keys]) => ({ name, keys: keys.map(({ key, type }) => ({ name: key, type })) }));
}

interface Page {
  readonly rows: string | null;
  readonly last: Readonly<Record<string, string>> | null;
}

async function copyTable(from: SqlDatabase, to: SqlSession, { name, keys }: Table): Promise<number> {
  const key = keys.map((column) => column.name).join(', ');
  const backwards = keys.map((column) => `page.${column.name} desc`).join(', ');
  const texts = keys.map((column) => `${column.name}::text as "${column.name}"`).join(', ');
  const parameters = keys.map((column, index) => `$${index + 1}::text::${column.type}`).join(', ');
  let copied = 0;
  let position: readonly string[] = [];
  for (;;) {
    const pages: readonly Page[] = await from.query<Page>(
      `with page as (
         select * from tallykit.${name} ${position.length === 0 ? '' : `where (${key}) > (${parameters})`}
         order by ${key} limit ${rowsAtOnce}
       )
       select (select json_agg(page)::text from page) as rows,
         (select to_json(row) from (select ${texts} from page order by ${backwards} limit 1) row) as last`,
      position,
    );
    const { rows = null, last = null } = pages[0] ?? {};
    if (rows === null || last === null) return copied;
    const [inserted] = await to.query<{ readonly count: number }>(
      `with inserted as (
         insert into tallykit.${name} overriding system value
         select * from json_populate_recordset(null::tallykit.${name}, $1::json) returning 1
       ) select count(*)::int4 as count from inserted`,
      [rows],
    );
    copied += inserted?.count ?? 0;
    position = keys.map((column) => last[column.name] ?? '');
  }
}

async function makePartitions(from: SqlDatabase, to: SqlDatabase): Promise<void> {
  const [span] = await from.query<{ readonly first: string | null; readonly last: string | null }>(
    `select (select id::text from tallykit.event order by id limit 1) as first,
       (select id::text from tallykit.event order by id desc limit 1) as last`,
  );
  if (!span?.first || !span.last) return;
  await createPartitions(to).ensure(timeOfUuidV7(span.first), timeOfUuidV7(span.last));
}

// Numbers that the database gives out go on after the last one copied.
const continueNumbers = `
select setval(pg_get_serial_sequence('tallykit.' || t, 'number'), highest) from (
  select 'audit_record' as t, max(number) as highest from tallykit.audit_record
  union all select 'reported_loss', max(number) from tallykit.reported_loss
) numbers where highest is not null`;

/**
 * Copies everything of one store into another of the same schema version, in one transaction: all of it arrives or
 * nothing does. Sums are copied as they are, so that questions are answered at once.
 *
 * @param to must be migrated and empty; `unavailable` when it holds an organization already.
 */
export async function copyStore(
  from: SqlDatabase,
  to: SqlDatabase,
  onProgress: (progress: CopyProgress) => void,
): Promise<void> {
  const [old, fresh] = [await currentVersion(from), await currentVersion(to)];
  if (old !== fresh) {
    throw new StorageError(
      'schema_out_of_date',
      `The store to copy is at schema version ${old}, the database at ${fresh}, and rows of one do not fit the other. Run "tallykit migrate" on both first.`,
    );
  }
  const there = await to.query('select 1 from tallykit.organization limit 1');
  if (there.length > 0) {
    throw new StorageError(
      'unavailable',
      'The database holds an organization already, and two histories cannot be made one. Nothing was copied; name an empty database.',
    );
  }
  await makePartitions(from, to);
  const tables = await tablesOf(from);
  await to.transaction(async (session) => {
    for (const table of tables) {
      onProgress({ table: table.name, rows: await copyTable(from, session, table) });
    }
    await session.query(continueNumbers);
  });
  await to.script('analyze');
}
