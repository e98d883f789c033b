import { defineConfig } from 'tsup';
import { libraryBuild } from '../../tooling/build/library-build.ts';

// The tracker lands in every kind of host, so it ships CommonJS beside ESM and targets the oldest Node it supports.
// Its declarations carry the few wire types they mention, so that hosts need neither zod nor the protocol package.
export default defineConfig(
  libraryBuild({
    platform: 'neutral',
    target: 'node20',
    format: ['esm', 'cjs'],
    inlineTypesOf: ['@tallykit/protocol'],
    entry: {
      index: 'src/index.ts',
      openai: 'src/providers/openai/index.ts',
      testing: 'src/testing/index.ts',
    },
  }),
);
