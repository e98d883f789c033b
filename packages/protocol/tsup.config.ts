import { defineConfig } from 'tsup';
import { libraryBuild } from '../../tooling/build/library-build.ts';

export default defineConfig(
  libraryBuild({ entry: { index: 'src/index.ts', 'gen-ai-span': 'src/gen-ai-span.ts' } }),
);
