import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { copyStore } from '../storage/postgres/copy-store.ts';
import { migrate } from '../storage/postgres/migrate.ts';
import { CommandError } from './command-error.ts';
import { withStoreOptions, type StoreChoice } from './store-options.ts';

/** `tallykit copy --data FOLDER --database-url URL`: from the embedded store to PostgreSQL, when one process is no longer enough. */
export function addCopy(program: Command): void {
  const command = program
    .command('copy')
    .description('copy the embedded store of --data into the empty PostgreSQL database of --database-url');
  withStoreOptions(command).action(copy);
}

async function copy({ data, databaseUrl, rowLevelSecurity }: StoreChoice): Promise<void> {
  if (databaseUrl === undefined) {
    throw new CommandError('There is nowhere to copy to. Name an empty database with --database-url.');
  }
  const folder = resolve(data);
  if (!existsSync(folder)) {
    throw new CommandError(`There is no embedded store in ${folder}. Name its folder with --data.`);
  }
  const [{ Pool }, { poolDatabase }, { workerDatabase }] = await Promise.all([
    import('pg'),
    import('../storage/engines/postgres/pool-database.ts'),
    import('../storage/engines/embedded/worker-database.ts'),
  ]);
  const from = workerDatabase(folder);
  const to = poolDatabase(new Pool({ connectionString: databaseUrl, max: 2 }), { ownsPool: true });
  let total = 0;
  try {
    await migrate(from, 'auto', 'on');
    await migrate(to, 'auto', rowLevelSecurity);
    await copyStore(from, to, ({ table, rows }) => {
      total += rows;
      if (rows > 0) console.log(`${table}: ${rows.toLocaleString('en')} rows`);
    });
  } finally {
    await to.close();
    await from.close();
  }
  console.log(
    `Copied ${total.toLocaleString('en')} rows. Start the server with --database-url from now on; the folder stays as it is.`,
  );
}
