import { GoogleGenAI as GoogleGenAI3 } from '@google/genai';
import { GoogleGenAI as GoogleGenAI1 } from 'google-genai-1';
import { GoogleGenAI as GoogleGenAI2 } from 'google-genai-2';

/** Constructor of a client, typed as the newest SDK's. */
export type GoogleConstructor = typeof GoogleGenAI3;

/** One major version of the SDK. */
export interface GoogleVersion {
  readonly name: string;
  readonly GoogleGenAI: GoogleConstructor;
  /** Whether the retries that the SDK makes inside itself can be seen. */
  readonly showsRetries: boolean;
}

/** Every major version that the wrapper supports. Their types differ in detail; what the tests use does not. */
export const sdkVersions: readonly GoogleVersion[] = [
  {
    name: '@google/genai 1',
    GoogleGenAI: GoogleGenAI1 as unknown as GoogleConstructor,
    showsRetries: false,
  },
  {
    name: '@google/genai 2',
    GoogleGenAI: GoogleGenAI2 as unknown as GoogleConstructor,
    showsRetries: true,
  },
  { name: '@google/genai 3', GoogleGenAI: GoogleGenAI3, showsRetries: true },
];
