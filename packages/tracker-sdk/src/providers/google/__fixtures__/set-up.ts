import type { GoogleGenAI, GoogleGenAIOptions } from '@google/genai';
import { onTestFinished } from 'vitest';
import { createTestTracker, type TestTracker } from '../../../testing/create-test-tracker.ts';
import { wrapGoogle } from '../wrap-google.ts';
import { sdkVersions, type GoogleVersion } from './sdk-versions.ts';
import { startFakeGoogle, type FakeGoogle, type FakeGoogleReply } from './start-fake-google.ts';

/** A wrapped client, the provider it talks to and the tracker it reports to; all end with the test. */
export interface Setup {
  readonly provider: FakeGoogle;
  readonly tracker: TestTracker;
  readonly client: GoogleGenAI;
  /** Another client of the same provider that nothing is wrapped around. */
  readonly bare: GoogleGenAI;
}

/** The version that most tests run on. */
export const newest: GoogleVersion = (() => {
  const version = sdkVersions.at(-1);
  if (!version) throw new Error('no SDK');
  return version;
})();

type Replies = Parameters<typeof startFakeGoogle>[0];

export async function setUp(
  reply: FakeGoogleReply | Replies,
  options: GoogleGenAIOptions = {},
  { GoogleGenAI }: GoogleVersion = newest,
): Promise<Setup> {
  const provider = await startFakeGoogle(typeof reply === 'function' ? reply : () => reply);
  const tracker = createTestTracker();
  onTestFinished(async () => {
    await provider.close();
    await tracker.shutdown();
  });
  const make = (): GoogleGenAI =>
    new GoogleGenAI({
      ...(options.project ? {} : { apiKey: 'test' }),
      ...options,
      httpOptions: { ...options.httpOptions, baseUrl: provider.baseUrl },
    });
  return { provider, tracker, client: wrapGoogle(make(), tracker), bare: make() };
}

/** The one call that was recorded. */
export async function onlyCall(tracker: TestTracker) {
  const calls = await tracker.calls();
  const [call] = calls;
  if (!call || calls.length > 1) throw new Error(`One call was expected, ${calls.length} were recorded.`);
  return call;
}

/** All calls in the order of their attempts. */
export async function byAttempt(tracker: TestTracker) {
  return [...(await tracker.calls())].sort((a, b) => a.attempt - b.attempt);
}
