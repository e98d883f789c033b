import { AzureOpenAI as Azure7 } from 'openai';
import { AzureOpenAI as Azure5 } from 'openai-5';
import { AzureOpenAI as Azure6 } from 'openai-6';
import { describe, expect, onTestFinished, test } from 'vitest';
import { collect } from '../../testing/collect.ts';
import { createTestTracker } from '../../testing/create-test-tracker.ts';
import { startFakeOpenAI } from '../../testing/fake-openai/start-fake-openai.ts';
import { messages, onlyCall, plain } from './__fixtures__/set-up.ts';
import { wrapOpenAI } from './wrap-openai.ts';

type AzureConstructor = typeof Azure7;

const endpoint = 'https://mine.openai.azure.com';

/** A client for Azure whose requests reach the fake provider under the paths that Azure has. */
async function setUpAzure(AzureOpenAI: AzureConstructor, apiVersion: string) {
  const headers = { 'apim-request-id': 'apim-1', 'x-ms-region': 'Sweden Central' };
  const provider = await startFakeOpenAI({
    reply: () => ({ ...plain, model: 'gpt-4o-2024-08-06', headers }),
  });
  const { origin } = new URL(provider.baseURL);
  // Without ambient storage only a client that was really bound belongs to a run.
  const tracker = createTestTracker({ asyncLocalStorage: null });
  onTestFinished(async () => {
    await provider.close();
    await tracker.shutdown();
  });
  const asked: string[] = [];
  const client = wrapOpenAI(
    new AzureOpenAI({
      apiVersion,
      endpoint,
      azureADTokenProvider: async () => 'fresh-token',
      deployment: 'my-deployment',
      fetch: (url, init) => {
        asked.push(String(url));
        return fetch(String(url).replace(endpoint, origin), init as RequestInit);
      },
    }),
    tracker,
  );
  return { client, tracker, provider, asked };
}

describe.each([
  { name: 'openai 5', AzureOpenAI: Azure5 as unknown as AzureConstructor },
  { name: 'openai 6', AzureOpenAI: Azure6 as unknown as AzureConstructor },
  { name: 'openai 7', AzureOpenAI: Azure7 },
])('Azure on $name', ({ AzureOpenAI }) => {
  test('tells the deployment that was asked, the model behind it, the region and the request', async () => {
    const { client, tracker, asked } = await setUpAzure(AzureOpenAI, '2024-10-21');
    await client.chat.completions.create({ model: '', messages });
    expect(asked[0]).toContain('/deployments/my-deployment/chat/completions?api-version=2024-10-21');
    expect(await onlyCall(tracker)).toMatchObject({
      provider: 'azure',
      requestModel: 'my-deployment',
      responseModel: 'gpt-4o-2024-08-06',
      region: 'swedencentral',
      providerIds: { requestId: 'req_0' },
      usage: { input: 16, cacheRead: 4, output: 7 },
    });
  });

  test.each([
    ['2024-06-01', undefined],
    ['2024-10-21', { include_usage: true }],
  ])('is asked for the usage chunk where the API of %s takes it', async (apiVersion, wishes) => {
    const { client, provider, tracker } = await setUpAzure(AzureOpenAI, apiVersion);
    await collect(await client.chat.completions.create({ model: 'm', messages, stream: true }));
    expect(provider.requests()[0]?.body['stream_options']).toEqual(wishes);
    expect((await onlyCall(tracker)).usage?.output).toBe(wishes && 7);
  });

  test('keeps version, deployment and token when it is bound to a run', async () => {
    const { client, tracker, provider, asked } = await setUpAzure(AzureOpenAI, '2024-10-21');
    await tracker.run({ customerId: 'cus_1' }, async (context) => {
      await context.wrap(client).chat.completions.create({ model: 'm', messages });
    });
    expect(asked[0]).toContain('/deployments/my-deployment/chat/completions?api-version=2024-10-21');
    expect(provider.requests()[0]?.headers['authorization']).toBe('Bearer fresh-token');
    expect(await onlyCall(tracker)).toMatchObject({ customerId: 'cus_1', provider: 'azure' });
    expect(tracker.stats().lost).toEqual({});
  });
});
