import { Mistral as Mistral2 } from '@mistralai/mistralai';
import { Mistral as Mistral1 } from 'mistralai-1';

/** Constructor of a client, typed as the newest SDK's. */
export type MistralConstructor = typeof Mistral2;

/** Every major version that the wrapper supports. Their types differ in detail; what the tests use does not. */
export const sdkVersions: readonly { readonly name: string; readonly Mistral: MistralConstructor }[] = [
  { name: '@mistralai/mistralai 1', Mistral: Mistral1 as unknown as MistralConstructor },
  { name: '@mistralai/mistralai 2', Mistral: Mistral2 },
];
