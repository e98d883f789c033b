import * as earliest from 'bedrock-runtime-3-704';
import * as newest from '@aws-sdk/client-bedrock-runtime';

/** What the tests use of a release of the SDK. */
export type BedrockSdk = typeof newest;

/** The releases that the wrapper is tested against. */
export const sdkVersions = [
  // Its types differ in what they have not got yet.
  { name: '3.704', sdk: earliest as unknown as BedrockSdk, protocol: 'HTTP/1.1' },
  { name: 'the newest release', sdk: newest, protocol: 'HTTP/2' },
] as const;

/** One of them. */
export type BedrockVersion = (typeof sdkVersions)[number];
