import { readFile } from 'node:fs/promises';
import { expect, onTestFinished, test, vi } from 'vitest';
import { answerTicket } from '../../../examples/cohere.ts';
import { createTestTracker } from '../../testing/create-test-tracker.ts';
import { chatReply } from './__fixtures__/cohere-wire.ts';
import { onlyCall } from './__fixtures__/set-up.ts';
import { startFakeCohere } from './__fixtures__/start-fake-cohere.ts';

test('the example of the guide answers, and its call is counted for the customer', async () => {
  const usage = { billed_units: { input_tokens: 20, output_tokens: 7 } };
  const provider = await startFakeCohere(() => chatReply({ pieces: ['Restart ', 'it.'], usage }));
  vi.stubEnv('CO_API_URL', provider.baseUrl);
  onTestFinished(async () => {
    vi.unstubAllEnvs();
    await provider.close();
  });
  const tracker = createTestTracker();
  expect(await answerTicket(tracker, 'cus_42', 'It hangs.')).toBe('Restart it.');
  expect(await onlyCall(tracker)).toMatchObject({
    provider: 'cohere',
    requestModel: 'command-a-03-2025',
    customerId: 'cus_42',
    flow: 'support',
    status: 'ok',
    usage: { input: 20, output: 7 },
  });
});

test('the guide shows the code that is run here', async () => {
  const read = (path: string) => readFile(new URL(path, import.meta.url), 'utf8');
  const guide = await read('../../../../../docs/guides/providers/cohere.md');
  expect(guide).toContain(await read('../../../examples/cohere.ts'));
});
