import type { Pool, PoolClient } from 'pg';
import { StorageError } from '../../contract/storage-error.ts';
import type { JobDatabase } from '../../postgres/boss-jobs.ts';
import type { SqlDatabase, SqlSession } from '../../postgres/sql-database.ts';

/** Codes of errors that say the server cannot be reached or is going away, not that a statement was wrong. */
const unreachable = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'ETIMEDOUT',
  'EPIPE',
  '57P01',
  '57P02',
  '57P03',
  '08000',
  '08003',
  '08006',
]);

function translated(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const code = 'code' in error ? String(error.code) : '';
  if (!unreachable.has(code) && !/connection terminated|timeout exceeded when trying/i.test(error.message))
    return error;
  return new StorageError(
    'unavailable',
    `PostgreSQL does not answer (${error.message}), so nothing was read or written. Check that it runs and can be reached; ` +
      'what was sent may be sent again.',
    { cause: error },
  );
}

type Runner = Pick<PoolClient, 'query'>;

// Statements are never named: a pooler may hand the next one to another connection.
async function run<Row>(
  runner: Runner,
  text: string,
  parameters: readonly unknown[] = [],
): Promise<readonly Row[]> {
  try {
    const result = await runner.query<Row & Record<string, unknown>>(text, [...parameters]);
    return result.rows;
  } catch (error) {
    throw translated(error);
  }
}

async function runScript(runner: Runner, text: string): Promise<void> {
  try {
    await runner.query(text);
  } catch (error) {
    throw translated(error);
  }
}

function sessionOf(runner: Runner): SqlSession {
  return {
    query: (text, parameters) => run(runner, text, parameters),
    script: (text) => runScript(runner, text),
  };
}

/** PostgreSQL behind a pool of node-postgres. `ownsPool` decides whether closing ends the pool. */
export function poolDatabase(
  pool: Pool,
  { ownsPool }: { readonly ownsPool: boolean },
): SqlDatabase & JobDatabase {
  let isClosed = false;
  const open = (): void => {
    if (isClosed) throw new StorageError('store_closed', 'The store was closed; create a new one to go on.');
  };
  const shared = sessionOf({ query: pool.query.bind(pool) } as Runner);

  async function connect(): Promise<PoolClient> {
    try {
      return await pool.connect();
    } catch (error) {
      throw translated(error);
    }
  }

  return {
    async query(text, parameters) {
      open();
      return shared.query(text, parameters);
    },
    async script(text) {
      open();
      await shared.script(text);
    },
    async transaction(work, { begin = 'begin' } = {}) {
      open();
      const client = await connect();
      const session = sessionOf(client);
      let broken: Error | undefined;
      try {
        await session.script(begin);
        const result = await work(session);
        await session.script('commit');
        return result;
      } catch (error) {
        // A connection that cannot even roll back is thrown away, whatever state it is in.
        await client.query('rollback').catch((failure: Error) => {
          broken = failure;
        });
        throw error;
      } finally {
        client.release(broken);
      }
    },
    async execute(text, values) {
      open();
      try {
        // Several statements at once give a list of results.
        const results: unknown = await pool.query<Record<string, unknown>>(text, values);
        const all = (Array.isArray(results) ? results : [results]) as {
          readonly rows?: Record<string, unknown>[];
        }[];
        return { rows: all.flatMap(({ rows = [] }) => rows) };
      } catch (error) {
        throw translated(error);
      }
    },
    async close() {
      if (isClosed) return;
      isClosed = true;
      if (ownsPool) await pool.end();
    },
  };
}
