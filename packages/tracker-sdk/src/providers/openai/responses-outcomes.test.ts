import { describe, expect, test } from 'vitest';
import { collect } from '../../testing/collect.ts';
import { sdkVersions } from './__fixtures__/sdk-versions.ts';
import { model, onlyCall, plain, setUp } from './__fixtures__/set-up.ts';

describe.each(sdkVersions)('conformance 2: outcomes of the Responses API on $name', ({ OpenAI }) => {
  test('an incomplete answer is whole, a failed one an error', async () => {
    const { client, tracker } = await setUp(OpenAI, ({ index }) => ({
      ...plain,
      status: index % 2 === 0 ? 'incomplete' : 'failed',
    }));
    for (const stream of [false, true]) {
      for (let turn = 0; turn < 2; turn++) {
        if (stream) await collect(await client.responses.create({ model, input: 'Hi', stream }));
        else await client.responses.create({ model, input: 'Hi' });
      }
    }
    const calls = await tracker.calls();
    expect(calls.map((call) => [call.status, call.complete, call.errorClass, call.usage?.output])).toEqual([
      ['ok', true, undefined, 7],
      ['error', true, 'server_error', 7],
      ['ok', true, undefined, 7],
      ['error', true, 'server_error', 7],
    ]);
  });

  test('a background answer is counted when it begins, and its usage comes with the poll that ends it', async () => {
    const { client, tracker } = await setUp(OpenAI, ({ operation, index }) => ({
      ...plain,
      status: operation === 'responses' || index < 2 ? 'queued' : 'completed',
    }));
    const { id } = await client.responses.create({ model, input: 'Hi', background: true });
    expect((await client.responses.retrieve(id)).status).toBe('queued');
    expect((await client.responses.retrieve(id)).status).toBe('completed');
    const calls = await tracker.calls();
    expect(calls).toMatchObject([
      { responseId: id, complete: false, requestModel: model },
      { responseId: id, complete: true, usage: { input: 16, cacheRead: 4, output: 7 } },
    ]);
    expect(calls).toHaveLength(2);
  });

  test('retrieving an ordinary response is no call', async () => {
    const { client, tracker } = await setUp(OpenAI);
    const { id } = await client.responses.create({ model, input: 'Hi' });
    await client.responses.retrieve(id);
    await client.responses.retrieve(id);
    await onlyCall(tracker);
    expect(tracker.stats().unfinished).toBe(0);
  });

  test('tools that are billed by their number are counted', async () => {
    const { client, tracker } = await setUp(OpenAI);
    const answer = {
      id: 'resp_tools',
      object: 'response',
      model,
      status: 'completed',
      output: [{ type: 'web_search_call' }, { type: 'web_search_call' }, { type: 'message', content: [] }],
      usage: { input_tokens: 3, output_tokens: 2, total_tokens: 5 },
    };
    const local = client.withOptions({ fetch: async () => Response.json(answer) });
    await local.responses.create({ model, input: 'Hi' });
    expect((await onlyCall(tracker)).usage).toEqual({ input: 3, output: 2, webSearches: 2 });
  });

  test.each([
    ['by the answer itself, where it says so', { tool_usage: { web_search: { num_requests: 1 } } }, 1],
    ['as none, where the answer says so', { tool_usage: { web_search: { num_requests: 0 } } }, 0],
    ['without pages that were opened or searched through', {}, 2],
  ])('searches are counted %s', async (_, told, webSearches) => {
    const { client, tracker } = await setUp(OpenAI);
    const actions = ['search', 'open_page', 'find_in_page', 'search'];
    const answer = {
      id: 'resp_searches',
      object: 'response',
      model,
      status: 'completed',
      output: actions.map((type) => ({ type: 'web_search_call', action: { type } })),
      usage: { input_tokens: 3, output_tokens: 2, total_tokens: 5 },
      ...told,
    };
    const local = client.withOptions({ fetch: async () => Response.json(answer) });
    await local.responses.create({ model, input: 'Hi' });
    expect((await onlyCall(tracker)).usage).toEqual({ input: 3, output: 2, webSearches });
  });
});
