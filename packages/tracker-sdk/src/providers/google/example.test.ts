import { readFile } from 'node:fs/promises';
import { expect, onTestFinished, test, vi } from 'vitest';
import { answerTicket } from '../../../examples/google.ts';
import { createTestTracker } from '../../testing/create-test-tracker.ts';
import { onlyCall } from './__fixtures__/set-up.ts';
import { startFakeGoogle } from './__fixtures__/start-fake-google.ts';
import { wireChunks } from './__fixtures__/wire-answers.ts';

const usage = { input: 16, cacheRead: 4, output: 7 };

test('the example of the guide answers, and its call is counted for the customer', async () => {
  const provider = await startFakeGoogle(() => ({ answers: wireChunks(['Restart ', 'it.'], usage, true) }));
  vi.stubEnv('GOOGLE_GEMINI_BASE_URL', provider.baseUrl);
  onTestFinished(async () => {
    vi.unstubAllEnvs();
    await provider.close();
  });
  const tracker = createTestTracker();
  expect(await answerTicket(tracker, 'cus_42', 'It hangs.')).toBe('Restart it.');
  expect(await onlyCall(tracker)).toMatchObject({
    provider: 'google',
    requestModel: 'gemini-2.5-flash',
    customerId: 'cus_42',
    flow: 'support',
    status: 'ok',
    usage,
  });
});

test('the guide shows the code that is run here', async () => {
  const read = (path: string) => readFile(new URL(path, import.meta.url), 'utf8');
  const guide = await read('../../../../../docs/guides/providers/google.md');
  expect(guide).toContain(await read('../../../examples/google.ts'));
});
