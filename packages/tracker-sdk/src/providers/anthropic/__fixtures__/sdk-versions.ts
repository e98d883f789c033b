import Anthropic1 from '@anthropic-ai/sdk';
import Anthropic0 from 'anthropic-0';

/** Constructor of a client, typed as the newest SDK's. */
export type AnthropicConstructor = typeof Anthropic1;

/** The oldest and the newest SDK that the wrapper supports. Their types differ in detail; what the tests use does not. */
export const sdkVersions: readonly { readonly name: string; readonly Anthropic: AnthropicConstructor }[] = [
  { name: 'Anthropic SDK 0.60', Anthropic: Anthropic0 as unknown as AnthropicConstructor },
  { name: 'Anthropic SDK 1', Anthropic: Anthropic1 },
];

/** The newest, for tests of what older ones do not have. */
export const newestAnthropic = Anthropic1;
