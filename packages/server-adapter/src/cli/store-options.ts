import { resolve } from 'node:path';
import { Option, type Command } from 'commander';
import { stderrLogger } from '../http/stderr-logger.ts';
import { systemClock, type Clock } from '../primitives/clock.ts';
import type { Storage } from '../storage/contract/storage.ts';

/** Which store a command works on. */
export interface StoreChoice {
  readonly data: string;
  readonly databaseUrl?: string | undefined;
  readonly rowLevelSecurity: 'on' | 'off';
}

/** Adds the options that choose a store. */
export function withStoreOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--data <folder>', 'folder of the embedded store')
        .default('./tallykit-data')
        .env('TALLYKIT_DATA'),
    )
    .addOption(
      new Option('--database-url <url>', 'PostgreSQL instead of the embedded store').env(
        'TALLYKIT_DATABASE_URL',
      ),
    )
    .addOption(
      new Option('--row-level-security <wall>', 'off where the database user may not take on a role')
        .choices(['on', 'off'])
        .default('on'),
    );
}

/** Opens the store that was chosen, by the same clock as the server over it. An engine is loaded only when it is wanted. */
export async function openStorage(
  { data, databaseUrl, rowLevelSecurity }: StoreChoice,
  clock: Clock = systemClock,
): Promise<Storage> {
  const onError = (error: unknown): void =>
    stderrLogger.error('The store failed in the background.', { error });
  if (databaseUrl !== undefined) {
    const { postgres } = await import('../storage/engines/postgres/index.ts');
    return postgres({ url: databaseUrl, rowLevelSecurity, clock, onError });
  }
  const { embedded } = await import('../storage/engines/embedded/index.ts');
  return embedded({ folder: resolve(data), clock, onError });
}

/** The store in words, without the password of a database. */
export function describeStore({ data, databaseUrl }: Pick<StoreChoice, 'data' | 'databaseUrl'>): string {
  if (databaseUrl === undefined) return `embedded, ${resolve(data)}`;
  if (!URL.canParse(databaseUrl)) return 'postgres';
  const { host, pathname } = new URL(databaseUrl);
  return `postgres, ${host}${pathname}`;
}
