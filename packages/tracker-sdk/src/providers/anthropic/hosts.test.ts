import { expect, test } from 'vitest';
import { clientFacts } from './hosts.ts';

test.each([
  [{ baseURL: 'https://api.anthropic.com' }, 'anthropic', undefined],
  [{ baseURL: 'https://api.anthropic.com/' }, 'anthropic', undefined],
  [
    { baseURL: 'https://bedrock-runtime.eu-west-1.amazonaws.com', awsRegion: 'eu-west-1' },
    'aws',
    'eu-west-1',
  ],
  [{ baseURL: 'https://bedrock-mantle.us-east-1.api.aws', awsRegion: 'us-east-1' }, 'aws', 'us-east-1'],
  [{ baseURL: 'http://127.0.0.1:8080', awsRegion: 'us-east-1' }, 'aws', 'us-east-1'],
  [
    { baseURL: 'https://aws-external-anthropic.us-west-2.api.aws', awsRegion: 'us-west-2' },
    'anthropic',
    undefined,
  ],
  [
    { baseURL: 'https://us-east5-aiplatform.googleapis.com/v1', region: 'us-east5', projectId: 'p' },
    'google',
    'us-east5',
  ],
  [{ baseURL: 'https://vertex.proxy.example', region: 'global', projectId: 'p' }, 'google', 'global'],
  [{ baseURL: 'https://mine.services.ai.azure.com/anthropic/' }, 'azure', undefined],
  [{ baseURL: 'https://openrouter.ai/api' }, 'openrouter', undefined],
  [{ baseURL: 'https://api.anthropic.com.evil.example' }, 'api.anthropic.com.evil.example', undefined],
  [{ baseURL: 'http://127.0.0.1:8080' }, '127.0.0.1', undefined],
  [{ baseURL: 'no url' }, 'unknown', undefined],
  [{}, 'unknown', undefined],
])('conformance 7: %j is of %s', (client, provider, region) => {
  expect(clientFacts(client)).toEqual({ provider, region });
});
