import { readFile } from 'node:fs/promises';
import { expect, onTestFinished, test, vi } from 'vitest';
import { answerTicket } from '../../../examples/openai.ts';
import { createTestTracker } from '../../testing/create-test-tracker.ts';
import { startFakeOpenAI } from '../../testing/fake-openai/start-fake-openai.ts';
import { onlyCall, usage } from './__fixtures__/set-up.ts';

test('the example of the guide answers, and its call is counted for the customer', async () => {
  const provider = await startFakeOpenAI({ reply: () => ({ chunks: ['Restart ', 'it.'], usage }) });
  vi.stubEnv('OPENAI_API_KEY', 'test');
  vi.stubEnv('OPENAI_BASE_URL', provider.baseURL);
  onTestFinished(async () => {
    vi.unstubAllEnvs();
    await provider.close();
  });
  const tracker = createTestTracker();
  expect(await answerTicket(tracker, 'cus_42', 'It hangs.')).toBe('Restart it.');
  expect(await onlyCall(tracker)).toMatchObject({
    requestModel: 'gpt-4o-mini',
    customerId: 'cus_42',
    flow: 'support',
    status: 'ok',
    usage: { input: 16, cacheRead: 4, output: 7 },
  });
});

test('the guide shows the code that is run here', async () => {
  const read = (path: string) => readFile(new URL(path, import.meta.url), 'utf8');
  const guide = await read('../../../../../docs/guides/providers/openai.md');
  expect(guide).toContain(await read('../../../examples/openai.ts'));
});
