import * as before from 'cohere-7';
import * as newest from 'cohere-ai';

/** What the tests use of a release of the SDK. */
export type CohereSdk = Pick<typeof newest, 'CohereClient' | 'CohereClientV2'>;

/** The majors that the wrapper is tested against. */
export const sdkVersions = [
  // Its types differ in what they have not got yet.
  { name: 'cohere-ai 7', sdk: before as unknown as CohereSdk },
  { name: 'cohere-ai 8', sdk: newest as CohereSdk },
] as const;
