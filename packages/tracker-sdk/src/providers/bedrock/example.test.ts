import { readFile } from 'node:fs/promises';
import { expect, onTestFinished, test, vi } from 'vitest';
import { answerTicket } from '../../../examples/bedrock.ts';
import { createTestTracker } from '../../testing/create-test-tracker.ts';
import { converseStreamReply } from './__fixtures__/bedrock-wire.ts';
import { onlyCall } from './__fixtures__/set-up.ts';
import { startFakeBedrock } from './__fixtures__/start-fake-bedrock.ts';

test('the example of the guide answers, and its call is counted for the customer', async () => {
  const usage = { inputTokens: 16, outputTokens: 7, totalTokens: 27, cacheReadInputTokens: 4 };
  const provider = await startFakeBedrock(() => converseStreamReply({ pieces: ['Restart ', 'it.'], usage }));
  const settings = {
    AWS_ENDPOINT_URL_BEDROCK_RUNTIME: provider.endpoint,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  };
  for (const [name, value] of Object.entries(settings)) vi.stubEnv(name, value);
  onTestFinished(async () => {
    vi.unstubAllEnvs();
    await provider.close();
  });
  const tracker = createTestTracker();
  expect(await answerTicket(tracker, 'cus_42', 'It hangs.')).toBe('Restart it.');
  expect(await onlyCall(tracker)).toMatchObject({
    provider: 'aws',
    requestModel: 'us.amazon.nova-lite-v1:0',
    region: 'us-east-1',
    customerId: 'cus_42',
    flow: 'support',
    status: 'ok',
    usage: { input: 16, cacheRead: 4, output: 7 },
  });
});

test('the guide shows the code that is run here', async () => {
  const read = (path: string) => readFile(new URL(path, import.meta.url), 'utf8');
  const guide = await read('../../../../../docs/guides/providers/bedrock.md');
  expect(guide).toContain(await read('../../../examples/bedrock.ts'));
});
