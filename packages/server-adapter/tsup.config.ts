import { defineConfig } from 'tsup';
import { libraryBuild } from '../../tooling/build/library-build.ts';

export default defineConfig(
  libraryBuild({
    entry: {
      index: 'src/index.ts',
      node: 'src/frameworks/node.ts',
      express: 'src/frameworks/express.ts',
      fastify: 'src/frameworks/fastify.ts',
      hono: 'src/frameworks/hono.ts',
      next: 'src/frameworks/next.ts',
      'engines/embedded': 'src/storage/engines/embedded/index.ts',
      // Started by file name as a worker thread, so it stands beside the engine's own bundle.
      'engines/embedded-worker': 'src/storage/engines/embedded/embedded-worker.ts',
      'engines/postgres': 'src/storage/engines/postgres/index.ts',
      testing: 'src/testing/index.ts',
      // Started by file name as a process of its own.
      'testing/postgres-keeper': 'src/testing/postgres-keeper.ts',
      'cli/tallykit': 'src/cli/tallykit.ts',
    },
    withoutDeclarations: ['engines/embedded-worker', 'testing/postgres-keeper', 'cli/tallykit'],
  }),
);
