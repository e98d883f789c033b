import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestPostgres } from '@tallykit/server-adapter/testing';
import type { ServerStore } from './run-server.ts';

/** A fresh store for one test, and what takes it away again. */
export interface FreshStore {
  readonly store: ServerStore;
  readonly remove: () => Promise<void>;
}

/** The engines that a server is run on here, each with a maker of fresh stores. */
export const engines: readonly {
  readonly engine: 'embedded' | 'postgres';
  readonly fresh: () => Promise<FreshStore>;
}[] = [
  {
    engine: 'embedded',
    fresh: async () => {
      const folder = await mkdtemp(join(tmpdir(), 'tallykit-e2e-'));
      return {
        store: { engine: 'embedded', folder: join(folder, 'store') },
        remove: () => rm(folder, { recursive: true, force: true }),
      };
    },
  },
  {
    engine: 'postgres',
    fresh: async () => {
      const database = await createTestPostgres();
      return { store: { engine: 'postgres', url: database.url }, remove: () => database.drop() };
    },
  },
];
