import { describe, expect, onTestFinished, test } from 'vitest';
import { collect } from '../../testing/collect.ts';
import { createTestTracker } from '../../testing/create-test-tracker.ts';
import { AnthropicBedrock } from './__fixtures__/bedrock-sdk.ts';
import { startFakeBedrock } from './__fixtures__/start-fake-bedrock.ts';
import { newestAnthropic } from './__fixtures__/sdk-versions.ts';
import { body, counted, onlyCall, plain, setUp, streamed } from './__fixtures__/set-up.ts';
import { wrapAnthropic } from './wrap-anthropic.ts';

const model = 'eu.anthropic.claude-sonnet-4-5-20250929-v1:0';

async function setUpBedrock() {
  const provider = await startFakeBedrock(plain);
  const tracker = createTestTracker();
  onTestFinished(async () => {
    await provider.close();
    await tracker.shutdown();
  });
  const client = new AnthropicBedrock({
    awsRegion: 'eu-west-1',
    awsAccessKey: 'test',
    awsSecretKey: 'test',
    baseURL: provider.baseURL,
  });
  return { tracker, client: wrapAnthropic(client, tracker) };
}

describe('conformance 5: Claude on Bedrock', () => {
  const expected = {
    provider: 'aws',
    region: 'eu-west-1',
    requestModel: model,
    responseId: 'msg_bdrk_1',
    responseModel: 'claude-sonnet-4-5-20250929',
    providerIds: { requestId: 'amzn-1' },
    status: 'ok',
    complete: true,
    usage: counted,
  };

  test('messages and their streams are calls of the cloud, in its region', async () => {
    const { client, tracker } = await setUpBedrock();
    const message = await client.messages.create({ ...body, model });
    expect(message.content).toMatchObject([{ text: 'one two' }]);
    expect(await collect(await client.messages.create({ ...streamed, model }))).toHaveLength(7);
    expect((await client.messages.stream({ ...body, model }).finalMessage()).usage.output_tokens).toBe(7);
    const calls = await tracker.calls();
    expect(calls).toHaveLength(3);
    for (const call of calls) expect(call).toMatchObject(expected);
  });

  test('a stream that is left keeps its input', async () => {
    const { client, tracker } = await setUpBedrock();
    for await (const event of await client.messages.create({ ...streamed, model }))
      if (event.type === 'content_block_delta') break;
    expect(await onlyCall(tracker)).toMatchObject({
      status: 'aborted',
      usage: { input: 16, cacheRead: 4 },
      estimate: { usage: { output: 1 } },
    });
  });

  test('a client from withOptions stays one of the cloud', async () => {
    const { client, tracker } = await setUpBedrock();
    await client.withOptions({ maxRetries: 0 }).beta.messages.create({ ...body, model });
    expect(await onlyCall(tracker)).toMatchObject(expected);
  });
});

test('a client that is built like the one for Vertex makes calls of that cloud, in its region', async () => {
  const { bare, tracker } = await setUp(newestAnthropic);
  const vertex = Object.assign(bare, { region: 'europe-west1', projectId: 'secret-project' });
  await wrapAnthropic(vertex, tracker).messages.create(body);
  expect(await onlyCall(tracker)).toMatchObject({
    provider: 'google',
    region: 'europe-west1',
    usage: counted,
  });
});
