import { createHash } from 'node:crypto';
import type { ReadScope } from '../contract/scoped-reader.ts';
import { StorageError } from '../contract/storage-error.ts';
import type { RowLevelSecurity } from './migrate.ts';
import { readerRole } from './migrations/reader-fence.ts';
import type { SqlDatabase, SqlSession } from './sql-database.ts';

const openSnapshot =
  "begin isolation level repeatable read read only; set local jit = off; set local work_mem = '32MB'";

/**
 * Signs a scope so that the database believes it. Only who knows the secret can make such a setting, and the reader's role
 * cannot read the secret.
 */
export function signedScope(secret: Buffer, scope: ReadScope): string {
  const body = Buffer.from(
    JSON.stringify({ organization: scope.organizationId, customers: scope.customers }),
  ).toString('base64');
  return `${createHash('sha256').update(secret).update(body).update(secret).digest('hex')}:${body}`;
}

/** Opens read-only snapshots in which the database shows nothing outside a scope. */
export interface ReaderSessions {
  read<Result>(scope: ReadScope, work: (session: SqlSession) => Promise<Result>): Promise<Result>;
}

/** Reader sessions of one database. */
export function createReaderSessions(
  database: SqlDatabase,
  rowLevelSecurity: RowLevelSecurity,
): ReaderSessions {
  let secret: Promise<Buffer> | undefined;

  async function loadSecret(): Promise<Buffer> {
    const [row] = await database.query<{ readonly secret: string }>(
      `select encode(secret, 'hex') as secret from tallykit.reader_secret`,
    );
    if (row === undefined) {
      throw new StorageError(
        'row_level_security_unavailable',
        'The secret that signs scopes is missing, so nothing may be read. Run "tallykit migrate" to make it.',
      );
    }
    return Buffer.from(row.secret, 'hex');
  }

  return {
    async read(scope, work) {
      if (rowLevelSecurity === 'off') return database.transaction(work, { begin: openSnapshot });
      secret ??= loadSecret().catch((error: unknown) => {
        secret = undefined;
        throw error;
      });
      // Hex and base64 hold no quote, so the setting needs no escaping.
      const setting = signedScope(await secret, scope);
      const begin = `${openSnapshot}; set local role ${readerRole}; select set_config('tallykit.scope', '${setting}', true)`;
      return database.transaction(work, { begin });
    },
  };
}
