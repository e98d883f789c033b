import OpenAI7 from 'openai';
import OpenAI5 from 'openai-5';
import OpenAI6 from 'openai-6';

/** Constructor of a client, typed as the newest SDK's. */
export type OpenAIConstructor = typeof OpenAI7;

/** Every major version that the wrapper supports. Their types differ in detail; what the tests use does not. */
export const sdkVersions: readonly { readonly name: string; readonly OpenAI: OpenAIConstructor }[] = [
  { name: 'openai 5', OpenAI: OpenAI5 as unknown as OpenAIConstructor },
  { name: 'openai 6', OpenAI: OpenAI6 as unknown as OpenAIConstructor },
  { name: 'openai 7', OpenAI: OpenAI7 },
];
