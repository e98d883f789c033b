import { createRequire, registerHooks } from 'node:module';
import type * as BedrockSdk from '@anthropic-ai/bedrock-sdk';

// The test runner asks for the builds that are meant for bundlers, whose imports Node cannot follow.
const hooks = registerHooks({
  resolve: (specifier, context, next) =>
    next(specifier, { ...context, conditions: context.conditions.filter((name) => name !== 'module') }),
});

/** The real SDK for Claude on Bedrock, as Node loads it. */
export const { AnthropicBedrock } = createRequire(import.meta.url)(
  '@anthropic-ai/bedrock-sdk',
) as typeof BedrockSdk;

hooks.deregister();
