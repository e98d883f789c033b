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
    inline: ['@tallykit/protocol/gen-ai-span'],
    entry: {
      index: 'src/index.ts',
      openai: 'src/providers/openai/index.ts',
      anthropic: 'src/providers/anthropic/index.ts',
      google: 'src/providers/google/index.ts',
      bedrock: 'src/providers/bedrock/index.ts',
      mistral: 'src/providers/mistral/index.ts',
      cohere: 'src/providers/cohere/index.ts',
      'vercel-ai': 'src/providers/vercel-ai/index.ts',
      langchain: 'src/providers/langchain/index.ts',
      fetch: 'src/providers/fetch/index.ts',
      mcp: 'src/providers/mcp/index.ts',
      otel: 'src/otel/index.ts',
      budgets: 'src/budgets/index.ts',
      spool: 'src/spool/index.ts',
      browser: 'src/browser/index.ts',
      relay: 'src/relay/index.ts',
      testing: 'src/testing/index.ts',
    },
  }),
);
