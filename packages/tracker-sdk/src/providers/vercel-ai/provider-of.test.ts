import { expect, test } from 'vitest';
import { servedModel } from './provider-of.ts';

test.each([
  ['openai.chat', 'openai'],
  ['openai.responses', 'openai'],
  ['azure-openai.chat', 'azure'],
  ['azure.responses', 'azure'],
  ['anthropic.messages', 'anthropic'],
  ['google.generative-ai', 'google'],
  ['google.vertex.chat', 'google'],
  ['vertex.anthropic.messages', 'google'],
  ['amazon-bedrock', 'aws'],
  ['bedrock.anthropic.messages', 'aws'],
  ['xai.chat', 'x-ai'],
  ['togetherai.chat', 'together'],
  ['mistral.chat', 'mistral'],
  ['groq.chat', 'groq'],
  ['openrouter', 'openrouter'],
  ['my-own.chat', 'my-own'],
  [undefined, 'unknown'],
])('%s is %s', (provider, expected) => {
  expect(servedModel({ provider, modelId: 'm' })).toEqual({ provider: expected, requestModel: 'm' });
});

test('behind a gateway the model says who made it', () => {
  expect(servedModel({ provider: 'gateway', modelId: 'anthropic/claude-sonnet-4.5' })).toEqual({
    provider: 'anthropic',
    requestModel: 'claude-sonnet-4.5',
  });
  expect(servedModel({ provider: 'openrouter', modelId: 'openai/gpt-5' })).toEqual({
    provider: 'openrouter',
    requestModel: 'openai/gpt-5',
  });
});
