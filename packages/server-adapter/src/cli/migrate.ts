import type { Command } from 'commander';
import { migrationSql } from '../storage/postgres/migrate.ts';
import { openStorage, withStoreOptions, type StoreChoice } from './store-options.ts';

interface MigrateOptions extends StoreChoice {
  readonly sql: boolean;
}

/** `tallykit migrate [--sql]`: brings the schema up to date, or prints how. */
export function addMigrate(program: Command): void {
  const command = program
    .command('migrate')
    .description('bring the schema of the store up to date')
    .option(
      '--sql',
      'print the statements instead of running them; from an empty database unless one is named',
      false,
    );
  withStoreOptions(command).action(migrate);
}

async function migrate(options: MigrateOptions): Promise<void> {
  const { rowLevelSecurity } = options;
  if (options.sql && options.databaseUrl === undefined) {
    process.stdout.write(migrationSql({ rowLevelSecurity }));
    return;
  }
  const storage = await openStorage(options);
  try {
    if (options.sql) {
      const { schemaVersion } = await storage.health();
      process.stdout.write(migrationSql({ from: schemaVersion, rowLevelSecurity }));
      return;
    }
    const applied = await storage.migrate('auto');
    console.log(
      applied.length === 0 ? 'The schema is up to date.' : `Applied schema versions ${applied.join(', ')}.`,
    );
  } finally {
    await storage.close();
  }
}
