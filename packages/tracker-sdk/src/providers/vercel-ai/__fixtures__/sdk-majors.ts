import { createRequire, registerHooks } from 'node:module';
import { createOpenAI as createOpenAI4 } from '@ai-sdk/openai';
import { createOpenAI as createOpenAI2 } from '@ai-sdk/openai-2';
import { createOpenAI as createOpenAI3 } from '@ai-sdk/openai-3';
import * as ai7 from 'ai';

// The test runner asks for builds meant for bundlers, and Node cannot read that of OpenTelemetry. Hence the hook, and
// hence CommonJS: it is loaded after the hook is there.
registerHooks({
  resolve: (specifier, context, next) =>
    next(specifier, { ...context, conditions: context.conditions.filter((condition) => condition !== 'module') }),
});
const require = createRequire(import.meta.url);
const ai5: unknown = require('ai-5');
const ai6: unknown = require('ai-6');

/** The parts of one major version of the AI SDK, typed as the newest one's. */
export interface SdkMajor {
  readonly name: string;
  readonly ai: typeof ai7;
  readonly createOpenAI: typeof createOpenAI4;
}

/** Every major version that is supported, with OpenAI's provider of its generation. What the tests use is the same in all. */
export const sdkMajors: readonly SdkMajor[] = [
  {
    name: 'ai 5',
    ai: ai5 as typeof ai7,
    createOpenAI: createOpenAI2 as unknown as typeof createOpenAI4,
  },
  {
    name: 'ai 6',
    ai: ai6 as typeof ai7,
    createOpenAI: createOpenAI3 as unknown as typeof createOpenAI4,
  },
  { name: 'ai 7', ai: ai7, createOpenAI: createOpenAI4 },
];
