import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { Client } from 'pg';
import type { ServerStore } from '../engines/run-server.ts';

type Query = (text: string) => Promise<readonly Record<string, unknown>[]>;

/** Every row of every table, as text: values that the disk holds compressed are whole in it. */
async function allRows(query: Query): Promise<string> {
  const tables = await query(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables
      where schemaname not in ('pg_catalog', 'information_schema')`,
  );
  if (tables.length < 10) throw new Error(`Only ${tables.length} tables were found, so nothing is proven.`);
  const texts: string[] = [];
  for (const { name } of tables) {
    const rows = await query(`select t::text as row from ${String(name)} t`);
    texts.push(...rows.map(({ row }) => String(row)));
  }
  return texts.join('\n');
}

function allFiles(folder: string): string {
  return readdirSync(folder, { recursive: true })
    .map((name) => join(folder, String(name)))
    .filter((path) => statSync(path).isFile())
    .map((path) => readFileSync(path).toString('latin1'))
    .join('\n');
}

/** Everything that a store holds once its server has ended: all rows, and for a folder the bytes of all files. */
export async function readEverything(store: ServerStore, adminUrl: string | undefined): Promise<string> {
  if (store.engine === 'postgres') {
    const client = new Client({ connectionString: adminUrl ?? store.url });
    await client.connect();
    try {
      return await allRows(async (text) => (await client.query<Record<string, unknown>>(text)).rows);
    } finally {
      await client.end();
    }
  }
  const files = allFiles(store.folder);
  const database = await PGlite.create({ dataDir: join(store.folder, 'database') });
  try {
    return `${files}\n${await allRows(async (text) => (await database.query<Record<string, unknown>>(text)).rows)}`;
  } finally {
    await database.close();
  }
}
