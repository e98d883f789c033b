import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTallykit, type Tallykit } from '@tallykit/server-adapter';
import { embedded } from '@tallykit/server-adapter/engines/embedded';
import { postgres } from '@tallykit/server-adapter/engines/postgres';
import { createTestPostgres } from '@tallykit/server-adapter/testing';

/** A Tallykit on a fresh store of one engine. */
export interface OpenTallykit {
  readonly tallykit: Tallykit;
  /** Address of the database, where it has one. */
  readonly url: string | null;
  readonly close: () => Promise<void>;
}

const operator = async () => ({ subject: 'bench', role: 'operator' as const });

/** Opens a fresh store on `engine`; nothing runs in the background unless it is asked for. */
export async function openTallykit(
  engine: 'embedded' | 'postgres',
  background: 'inline' | 'off' = 'off',
): Promise<OpenTallykit> {
  const shared = {
    authenticate: operator,
    background,
    organization: { id: 'bench', name: 'Bench', timeZone: 'UTC' },
  } as const;
  if (engine === 'postgres') {
    const database = await createTestPostgres();
    const tallykit = createTallykit({ ...shared, storage: postgres({ url: database.url }), migrate: 'auto' });
    await tallykit.ready();
    const close = async (): Promise<void> => {
      await tallykit.close();
      await database.drop();
    };
    return { tallykit, url: database.url, close };
  }
  const folder = await mkdtemp(join(tmpdir(), 'tallykit-bench-'));
  const tallykit = createTallykit({
    ...shared,
    storage: embedded({ folder: join(folder, 'store') }),
    migrate: 'auto',
  });
  await tallykit.ready();
  const close = async (): Promise<void> => {
    await tallykit.close();
    await rm(folder, { recursive: true, force: true });
  };
  return { tallykit, url: null, close };
}
