import { readFile } from 'node:fs/promises';
import { expect, onTestFinished, test, vi } from 'vitest';
import { answerTicket } from '../../../examples/fetch.ts';
import { createTestTracker } from '../../testing/create-test-tracker.ts';
import { startFakeOpenAI } from '../../testing/fake-openai/start-fake-openai.ts';
import { onlyCall, usage } from '../openai/__fixtures__/set-up.ts';

test('the example of the guide answers, and its call is counted for the customer', async () => {
  const provider = await startFakeOpenAI({ reply: () => ({ text: 'Restart it.', usage }) });
  vi.stubEnv('LLM_BASE_URL', provider.baseURL);
  onTestFinished(async () => {
    vi.unstubAllEnvs();
    await provider.close();
  });
  const tracker = createTestTracker();
  expect(await answerTicket(tracker, 'cus_42', 'It hangs.')).toBe('Restart it.');
  expect(await onlyCall(tracker)).toMatchObject({
    requestModel: 'llama-3.3-70b-versatile',
    customerId: 'cus_42',
    flow: 'support',
    status: 'ok',
    usage: { input: 16, cacheRead: 4, output: 7 },
  });
});

test('the guide shows the code that is run here', async () => {
  const read = (path: string) => readFile(new URL(path, import.meta.url), 'utf8');
  const guide = await read('../../../../../docs/guides/providers/fetch.md');
  expect(guide).toContain(await read('../../../examples/fetch.ts'));
});
