import { describe, expect, test } from 'vitest';
import { collect } from '../../testing/collect.ts';
import { sdkVersions } from './__fixtures__/sdk-versions.ts';
import { messages, model, onlyCall, plain, setUp, streamed } from './__fixtures__/set-up.ts';
import { readHeaders } from './read-headers.ts';

describe.each(sdkVersions)('headers of an answer on $name', ({ OpenAI }) => {
  const headers = { 'openai-project': 'proj_7', 'openai-organization': 'canary' };

  test.each([
    ['a value', { model, messages }],
    ['a stream', streamed],
  ])('of %s give the ids of request and project, and nothing else', async (_, body) => {
    const { client, tracker } = await setUp(OpenAI, { ...plain, headers });
    const answer = await client.chat.completions.create(body);
    if ('iterator' in answer) await collect(answer as AsyncIterable<unknown>);
    expect((await onlyCall(tracker)).providerIds).toEqual({ requestId: 'req_0', projectId: 'proj_7' });
    expect(JSON.stringify(tracker.requests())).not.toContain('canary');
  });

  test('of an error give them too', async () => {
    const { client, tracker } = await setUp(OpenAI, { failure: { status: 400 } });
    await client.chat.completions.create({ model, messages }).catch(() => undefined);
    expect((await onlyCall(tracker)).providerIds).toEqual({ requestId: 'req_0', projectId: undefined });
  });
});

test("Azure's headers give its request id and the region that it ran in", () => {
  const facts = { provider: 'azure', operation: 'chat', requestModel: 'm' };
  readHeaders(facts, new Headers({ 'apim-request-id': 'a-1', 'x-ms-region': 'Sweden Central' }));
  expect(facts).toMatchObject({ providerIds: { requestId: 'a-1' }, region: 'swedencentral' });
});

test.each([undefined, null, 'text', {}, { 'x-request-id': 7 }])('%s says nothing', (headers) => {
  const facts = { provider: 'openai', operation: 'chat', requestModel: 'm' };
  readHeaders(facts, headers);
  expect(facts).toEqual({ provider: 'openai', operation: 'chat', requestModel: 'm' });
});
