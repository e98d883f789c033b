import { expect, test } from 'vitest';
import type { KnownFacts } from '../../observe/call-recorder.ts';
import { catalogueName } from './provider-of.ts';
import { endOfRunError, readResult, startedFacts, writtenIn } from './read-run.ts';

const known = (provider: string): KnownFacts => ({ provider, requestModel: 'm', operation: 'chat' });
const resultOf = (message: object) => ({ generations: [[{ text: '', message }]] });

test.each([
  ['openai', 'openai'],
  ['azure', 'azure'],
  ['anthropic', 'anthropic'],
  ['amazon_bedrock', 'aws'],
  ['google_genai', 'google'],
  ['google_vertexai', 'google'],
  ['mistralai', 'mistral'],
  ['xai', 'x-ai'],
  ['groq', 'groq'],
  ['Mine', 'mine'],
])('%s is %s', (name, provider) => {
  expect(catalogueName(name)).toBe(provider);
});

test('a model without metadata is known by its class and parameters', () => {
  const run = {
    model: { id: ['langchain', 'llms', 'openai', 'OpenAI'] },
    parameters: { model_name: 'x' },
    metadata: {},
  };
  expect(startedFacts(run, 'chat')).toEqual({ provider: 'openai', requestModel: 'x', operation: 'chat' });
  expect(startedFacts({ model: {}, parameters: {}, metadata: {} }, 'chat').provider).toBe('unknown');
});

test("LangChain's own id of a message is no response's", () => {
  const facts = known('openai');
  readResult(facts, resultOf({ id: 'run-1' }));
  expect(facts.responseId).toBeUndefined();
  readResult(facts, resultOf({ id: 'msg_1', response_metadata: { id: 'resp_1' } }));
  expect(facts.responseId).toBe('resp_1');
});

test('conformance 2: searches and pictures of the Responses API are counted beside its tokens', () => {
  const facts = known('openai');
  const output = ['web_search_call', 'message', 'web_search_call', 'image_generation_call'].map((type) => ({
    type,
  }));
  readResult(
    facts,
    resultOf({ usage_metadata: { input_tokens: 3, output_tokens: 1 }, response_metadata: { output } }),
  );
  expect(facts.usage).toEqual({ input: 3, output: 1, webSearches: 2, imagesGenerated: 1 });
});

test('conformance 2: a page that a search led to is no search of its own', () => {
  const facts = known('openai');
  const output = ['search', 'open_page', 'find_in_page'].map((type) => ({
    type: 'web_search_call',
    action: { type },
  }));
  readResult(
    facts,
    resultOf({ usage_metadata: { input_tokens: 3, output_tokens: 1 }, response_metadata: { output } }),
  );
  expect(facts.usage).toEqual({ input: 3, output: 1, webSearches: 1 });
});

test('conformance 7: a cost that OpenRouter states is kept, one that somebody else states is not', () => {
  const response_metadata = { usage: { cost: 0.25 } };
  const [router, other] = [known('openrouter'), known('openai')];
  readResult(router, resultOf({ response_metadata }));
  readResult(other, resultOf({ response_metadata }));
  expect([router.statedCost, other.statedCost]).toEqual([
    { amount: '0.250000000000', currency: 'USD' },
    undefined,
  ]);
});

test.each([undefined, null, 7, {}, { generations: [] }, { generations: [[null]] }, { generations: 'x' }])(
  'a result of another shape tells nothing: %o',
  (result) => {
    const facts = known('openai');
    expect(readResult(facts, result)).toEqual({ status: 'ok', complete: true });
    expect(facts.usage).toBeUndefined();
  },
);

test.each([
  [new Error('AbortError'), 'aborted'],
  [Object.assign(new Error('x'), { name: 'AbortError' }), 'aborted'],
  [Object.assign(new Error('x'), { name: 'ModelAbortError' }), 'aborted'],
  [new Error('Aborted'), 'aborted'],
  [Object.assign(new Error('x'), { status: 429 }), 'error'],
  [new Error('boom'), 'error'],
  ['text', 'error'],
])('%o ends a run as %s', (error, status) => {
  expect(endOfRunError(error).status).toBe(status);
});

test('text, arguments of tools and reasoning are what a model writes', () => {
  const chunk = (message: object) => ({ chunk: { message } });
  expect(writtenIn('text', undefined)).toBe('text');
  expect(writtenIn('', chunk({ tool_call_chunks: [{ args: '{}' }] }))).toBe('{}');
  expect(writtenIn('', chunk({ additional_kwargs: { reasoning_content: 'hm' } }))).toBe('hm');
  expect(writtenIn('', undefined)).toBe('');
});
