import Anthropic from '@anthropic-ai/sdk';
import { createOpenAI } from '@ai-sdk/openai';
import { generateText } from 'ai';
import { CohereClientV2 } from 'cohere-ai';
import { expect, onTestFinished, test } from 'vitest';
import { createTestTracker } from '../../testing/create-test-tracker.ts';
import { startFakeAnthropic } from '../../testing/fake-anthropic/start-fake-anthropic.ts';
import { startFakeOpenAI } from '../../testing/fake-openai/start-fake-openai.ts';
import { wrapAnthropic } from '../anthropic/wrap-anthropic.ts';
import { onlyCall, plain } from '../openai/__fixtures__/set-up.ts';
import { wrapAIModel } from '../vercel-ai/wrap-ai-model.ts';
import { answering } from './__fixtures__/answering.ts';
import { reaching } from './__fixtures__/open-driver.ts';
import { type Fetch, trackedFetch } from './tracked-fetch.ts';

test('conformance 11: a wrapped Anthropic client with a tracked fetch counts a call once', async () => {
  const provider = await startFakeAnthropic({
    reply: () => ({ chunks: ['Hi'], usage: { input_tokens: 16, output_tokens: 7 } }),
  });
  onTestFinished(() => provider.close());
  const tracker = createTestTracker();
  const fetch = trackedFetch(tracker, { fetch: reaching('https://api.anthropic.com', provider.baseURL) });
  const client = wrapAnthropic(new Anthropic({ apiKey: 'test', fetch }), tracker);
  const messages = [{ role: 'user' as const, content: 'Hi' }];
  await client.messages.create({ model: 'claude-opus-4-5', max_tokens: 9, messages });
  expect(await onlyCall(tracker)).toMatchObject({ provider: 'anthropic', usage: { input: 16, output: 7 } });
});

test('conformance 11: a wrapped model of the AI SDK with a tracked fetch counts a call once', async () => {
  const provider = await startFakeOpenAI({ reply: () => plain });
  onTestFinished(() => provider.close());
  const tracker = createTestTracker();
  const fetch = trackedFetch(tracker, { fetch: reaching('https://api.openai.com', provider.baseURL) });
  const model = wrapAIModel(
    createOpenAI({ apiKey: 'test', fetch: fetch as typeof globalThis.fetch }).chat('m'),
    tracker,
  );
  await tracker.run({ customerId: 'cus_1' }, () => generateText({ model, prompt: 'Hi' }));
  expect(await onlyCall(tracker)).toMatchObject({ customerId: 'cus_1', usage: { input: 16, output: 7 } });
});

test('a client that makes its own requests is read as it asks', async () => {
  const tracker = createTestTracker();
  const answer = {
    id: 'c-0',
    finish_reason: 'COMPLETE',
    message: { role: 'assistant', content: [{ type: 'text', text: 'Hi' }] },
    usage: { billed_units: { input_tokens: 20, output_tokens: 7 } },
  };
  const fetch: Fetch = trackedFetch(tracker, { fetch: answering(JSON.stringify(answer)) });
  const client = new CohereClientV2({ token: 'test', fetch: fetch as typeof globalThis.fetch });
  await client.chat({ model: 'command-a', messages: [{ role: 'user', content: 'Hi' }] });
  expect(await onlyCall(tracker)).toMatchObject({
    provider: 'cohere',
    requestModel: 'command-a',
    responseId: 'c-0',
    usage: { input: 20, output: 7 },
  });
});
