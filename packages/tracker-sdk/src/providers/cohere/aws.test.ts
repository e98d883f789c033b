import { BedrockClient, BedrockClientV2 } from 'cohere-ai/aws';
import { expect, test } from 'vitest';
import { createTestTracker } from '../../testing/create-test-tracker.ts';
import { wrapCohere } from './wrap-cohere.ts';

const headers = {
  'x-amzn-requestid': 'request-1',
  'x-amzn-bedrock-input-token-count': '3',
  'x-amzn-bedrock-output-token-count': '4',
};

const options = (body: unknown) =>
  ({
    awsRegion: 'us-west-2',
    awsAccessKey: 'test',
    awsSecretKey: 'test',
    fetch: async () => Response.json(body, { headers }),
  }) as ConstructorParameters<typeof BedrockClient>[0];

test("calls of the SDK's clients of Bedrock are Amazon's, counted by the headers", async () => {
  const tracker = createTestTracker();
  const first = wrapCohere(new BedrockClient(options({ text: 'x', response_id: 'r' })), tracker);
  await first.chat({ model: 'cohere.command-r-v1:0', message: 'Hi' });
  const second = wrapCohere(new BedrockClientV2(options({ id: 'e', embeddings: { float: [[1]] } })), tracker);
  await second.embed({
    model: 'cohere.embed-english-v3',
    inputType: 'search_query',
    texts: ['a'],
    embeddingTypes: ['float'],
  });
  const common = { provider: 'aws', region: 'us-west-2', providerIds: { requestId: 'request-1' } };
  expect(await tracker.calls()).toMatchObject([
    { ...common, requestModel: 'cohere.command-r-v1:0', usage: { input: 3, output: 4 } },
    {
      ...common,
      requestModel: 'cohere.embed-english-v3',
      operation: 'embeddings',
      usage: { input: 3, output: 4 },
    },
  ]);
  await tracker.shutdown();
});
