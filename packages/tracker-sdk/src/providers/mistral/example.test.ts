import { readFile } from 'node:fs/promises';
import { expect, onTestFinished, test, vi } from 'vitest';
import { answerTicket } from '../../../examples/mistral.ts';
import { createTestTracker } from '../../testing/create-test-tracker.ts';
import { onlyCall } from './__fixtures__/set-up.ts';
import { startFakeMistral } from './__fixtures__/start-fake-mistral.ts';
import { wireChunks } from './__fixtures__/wire-answers.ts';

const usage = { input: 16, cacheRead: 4, output: 7 };

test('the example of the guide answers, and its call is counted for the customer', async () => {
  const provider = await startFakeMistral(() => ({ answers: wireChunks(['Restart ', 'it.'], usage) }));
  vi.stubEnv('MISTRAL_SERVER_URL', provider.baseURL);
  onTestFinished(async () => {
    vi.unstubAllEnvs();
    await provider.close();
  });
  const tracker = createTestTracker();
  expect(await answerTicket(tracker, 'cus_42', 'It hangs.')).toBe('Restart it.');
  expect(await onlyCall(tracker)).toMatchObject({
    provider: 'mistral',
    requestModel: 'mistral-small-latest',
    customerId: 'cus_42',
    flow: 'support',
    status: 'ok',
    usage,
  });
});

test('the guide shows the code that is run here', async () => {
  const read = (path: string) => readFile(new URL(path, import.meta.url), 'utf8');
  const guide = await read('../../../../../docs/guides/providers/mistral.md');
  expect(guide).toContain(await read('../../../examples/mistral.ts'));
});
