import { expect, test } from 'vitest';
import { hostFacts } from './hosts.ts';

test.each([
  ['https://api.openai.com/v1', 'openai', true],
  ['https://us.api.openai.com/v1', 'openai', true, 'us'],
  ['https://eu.api.openai.com/v1', 'openai', true, 'eu'],
  ['https://mine.openai.azure.com/openai', 'azure', false],
  ['https://mine.openai.azure.com/openai/v1', 'azure', true],
  ['https://mine.services.ai.azure.com/openai/v1/', 'azure', true],
  ['https://openrouter.ai/api/v1', 'openrouter', true],
  ['https://api.groq.com/openai/v1', 'groq', true],
  ['https://api.together.xyz/v1', 'together', false],
  ['https://api.deepseek.com', 'deepseek', true],
  ['https://api.x.ai/v1', 'x-ai', true],
  ['https://api.mistral.ai/v1', 'mistral', false],
  ['https://generativelanguage.googleapis.com/v1beta/openai/', 'google', false],
  ['http://127.0.0.1:8080/v1', '127.0.0.1', false],
  ['https://llm.example.com/v1', 'llm.example.com', false],
  ['https://api.openai.com.evil.example/v1', 'api.openai.com.evil.example', false],
  ['no url', 'unknown', false],
  [undefined, 'unknown', false],
])('%s is %s', (baseURL, provider, takesUsageRequest, region?: string) => {
  expect(hostFacts(baseURL)).toEqual({ provider, takesUsageRequest, region });
});

test.each([
  ['2024-06-01', false],
  ['2024-10-21', true],
  ['2025-04-01-preview', true],
])("Azure's API of %s is asked for usage: %s", (apiVersion, takesUsageRequest) => {
  expect(hostFacts('https://mine.openai.azure.com/openai', apiVersion)).toMatchObject({
    provider: 'azure',
    takesUsageRequest,
  });
  expect(hostFacts('https://llm.example.com/v1', apiVersion).takesUsageRequest).toBe(false);
});
