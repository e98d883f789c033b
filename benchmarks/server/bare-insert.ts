/** Sends one statement to a database; parameters are texts or arrays of texts. */
export type RunSql = (
  sql: string,
  parameters?: readonly unknown[],
) => Promise<readonly Record<string, unknown>[]>;

interface Column {
  readonly name: string;
  readonly type: string;
}

/** Rows of a table as one array of texts a column, ready to be unnested. */
export interface ColumnarRows {
  readonly table: string;
  readonly columns: readonly Column[];
  readonly batches: readonly (readonly (readonly (string | null)[])[])[];
}

/**
 * Takes what an ingest wrote out of `source` and makes an empty table like it, with its primary key and nothing else of
 * what ingest does, so that the same rows can be inserted bare.
 */
export async function copyRows(
  run: RunSql,
  source: string,
  keyColumns: string,
  batchSize: number,
): Promise<ColumnarRows> {
  const table = `bench_${source}`;
  await run(`create table ${table} (like tallykit.${source} including defaults)`);
  await run(`alter table ${table} add primary key (${keyColumns})`);
  const columns = (await run(
    `select column_name::text as name, format('%s', udt_name) as type from information_schema.columns
     where table_schema = 'tallykit' and table_name = $1 order by ordinal_position`,
    [source],
  )) as unknown as readonly Column[];
  const rows = await run(
    `select ${columns.map(({ name }) => `${name}::text as ${name}`).join(', ')} from tallykit.${source}`,
  );
  const batches: (readonly (string | null)[])[][] = [];
  for (let from = 0; from < rows.length; from += batchSize) {
    const batch = rows.slice(from, from + batchSize);
    batches.push(columns.map(({ name }) => batch.map((row) => row[name] as string | null)));
  }
  return { table, columns, batches };
}

/** Inserts the rows again, one bare `insert ... select from unnest` a batch, into an emptied table. */
export async function insertBare(run: RunSql, { table, columns, batches }: ColumnarRows): Promise<void> {
  const names = columns.map(({ name }) => name).join(', ');
  const casts = columns.map(({ name, type }) => `${name}::${type}`).join(', ');
  const arrays = columns.map((_, index) => `$${index + 1}::text[]`).join(', ');
  for (const batch of batches) {
    await run(
      `insert into ${table} (${names}) select ${casts} from unnest(${arrays}) as input(${names})`,
      batch,
    );
  }
}
