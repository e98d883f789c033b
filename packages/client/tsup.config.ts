import { defineConfig } from 'tsup';
import { libraryBuild } from '../../tooling/build/library-build.ts';

export default defineConfig(
  libraryBuild({
    platform: 'neutral',
    entry: {
      index: 'src/index.ts',
      'react-query': 'src/query/index.ts',
      testing: 'src/testing/index.ts',
    },
  }),
);
