import { describe, expect, test } from 'vitest';
import { endpointOf } from './endpoints.ts';

const at = (address: string) => endpointOf(new URL(address));

test.each([
  ['https://api.openai.com/v1/chat/completions', 'openai', 'chat'],
  ['https://api.openai.com/v1/responses', 'openai', 'responses'],
  ['https://api.openai.com/v1/responses/compact', 'openai', 'responses'],
  ['https://api.openai.com/v1/embeddings', 'openai', 'embeddings'],
  ['https://api.openai.com/v1/images/edits', 'openai', 'images'],
  ['https://api.openai.com/v1/audio/transcriptions', 'openai', 'transcription'],
  ['https://api.openai.com/v1/audio/speech', 'openai', 'speech'],
  ['https://openrouter.ai/api/v1/chat/completions', 'openrouter', 'chat'],
  ['https://api.groq.com/openai/v1/chat/completions', 'groq', 'chat'],
  ['https://api.mistral.ai/v1/chat/completions', 'mistral', 'chat'],
  ['https://api.mistral.ai/v1/agents/completions', 'mistral', 'chat'],
  ['https://api.mistral.ai/v1/fim/completions', 'mistral', 'text_completion'],
  ['https://mine.openai.azure.com/openai/v1/chat/completions', 'azure', 'chat'],
  ['https://api.cohere.com/v2/chat', 'cohere', 'chat'],
  ['https://api.cohere.com/v1/embed', 'cohere', 'embeddings'],
  ['https://api.anthropic.com/v1/messages?beta=true', 'anthropic', 'chat'],
  ['https://openrouter.ai/api/v1/messages', 'openrouter', 'chat'],
  ['https://mine.services.ai.azure.com/anthropic/v1/messages', 'azure', 'chat'],
])('%s is a call of %s: %s', (address, provider, operation) => {
  const endpoint = at(address);
  expect(endpoint).toMatchObject({ provider, operation });
  expect(endpoint?.unsure ?? false).toBe(false);
});

test.each([
  [
    'https://mine.openai.azure.com/openai/deployments/my%20gpt/chat/completions?api-version=2024-10-21',
    { provider: 'azure', model: 'my gpt' },
  ],
  ['https://eu.api.openai.com/v1/responses', { provider: 'openai', region: 'eu' }],
  [
    'https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash:streamGenerateContent',
    { provider: 'google', model: 'gemini-2.5-flash', operation: 'generate_content', region: undefined },
  ],
  [
    'https://europe-west4-aiplatform.googleapis.com/v1/projects/p/locations/europe-west4/publishers/google/models/gemini-2.5-pro:generateContent',
    { provider: 'google', model: 'gemini-2.5-pro', region: 'europe-west4' },
  ],
  [
    'https://aiplatform.googleapis.com/v1/projects/p/locations/global/publishers/anthropic/models/claude-opus-4-5:streamRawPredict',
    { provider: 'google', model: 'claude-opus-4-5', operation: 'chat', region: 'global' },
  ],
  [
    'https://bedrock-runtime.us-east-1.amazonaws.com/model/us.amazon.nova-lite-v1%3A0/converse',
    { provider: 'aws', model: 'us.amazon.nova-lite-v1:0', region: 'us-east-1' },
  ],
])('%s tells what the path knows', (address, expected) => {
  expect(at(address)).toMatchObject(expected);
});

describe('hosts that are not known', () => {
  test.each(['https://llm.example.com/v1/chat/completions', 'http://127.0.0.1:4000/v1/messages'])(
    '%s stands for itself where the request names a model',
    (address) => {
      expect(at(address)).toMatchObject({ provider: new URL(address).hostname, unsure: true });
    },
  );

  test.each([
    'https://survey.example.com/api/responses',
    'https://search.example.com/embeddings',
    'https://cdn.example.com/images/edits',
  ])('%s is nothing', (address) => {
    expect(at(address)).toBeUndefined();
  });
});

test.each([
  'https://api.openai.com/v1/models',
  'https://api.openai.com/v1/responses/resp_1/cancel',
  'https://api.openai.com/v1/moderations',
  'https://api.openai.com.evil.example/v1/audio/speech',
  'https://api.cohere.com/v1/tokenize',
  'https://api.anthropic.com/v1/messages/count_tokens',
  'https://api.anthropic.com/v1/messages/batches',
  'https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash:countTokens',
  'https://aiplatform.googleapis.com/v1/projects/p/locations/global/publishers/meta/models/llama:rawPredict',
  'https://bedrock.us-east-1.amazonaws.com/foundation-models',
  'https://example.com/',
])('%s is no call of a model', (address) => {
  expect(at(address)).toBeUndefined();
});
