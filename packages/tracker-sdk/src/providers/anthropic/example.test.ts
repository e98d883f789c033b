import { readFile } from 'node:fs/promises';
import { expect, onTestFinished, test, vi } from 'vitest';
import { answerTicket } from '../../../examples/anthropic.ts';
import { createTestTracker } from '../../testing/create-test-tracker.ts';
import { startFakeAnthropic } from '../../testing/fake-anthropic/start-fake-anthropic.ts';
import { counted, onlyCall, usage } from './__fixtures__/set-up.ts';

test('the example of the guide answers, and its call is counted for the customer', async () => {
  const provider = await startFakeAnthropic({ reply: () => ({ chunks: ['Restart ', 'it.'], usage }) });
  vi.stubEnv('ANTHROPIC_BASE_URL', provider.baseURL);
  onTestFinished(async () => {
    vi.unstubAllEnvs();
    await provider.close();
  });
  const tracker = createTestTracker();
  expect(await answerTicket(tracker, 'cus_42', 'It hangs.')).toBe('Restart it.');
  expect(await onlyCall(tracker)).toMatchObject({
    requestModel: 'claude-sonnet-5',
    customerId: 'cus_42',
    flow: 'support',
    status: 'ok',
    complete: true,
    usage: counted,
  });
});

test('the guide shows the code that is run here', async () => {
  const read = (path: string) => readFile(new URL(path, import.meta.url), 'utf8');
  const guide = await read('../../../../../docs/guides/providers/anthropic.md');
  expect(guide).toContain(await read('../../../examples/anthropic.ts'));
});
