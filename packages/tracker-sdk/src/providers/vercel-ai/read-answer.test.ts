import { expect, test } from 'vitest';
import type { KnownFacts } from '../../observe/call-recorder.ts';
import { billedTools, readGenerated } from './read-answer.ts';
import { readModelStream } from './read-stream.ts';

const facts = (): KnownFacts => ({ provider: 'openai', requestModel: 'm', operation: 'chat' });
const usage = { inputTokens: { total: 3 }, outputTokens: { total: 1 } };
const tools = [
  { type: 'provider', id: 'openai.web_search', name: 'look_up', args: {} },
  { type: 'provider', id: 'openai.image_generation', name: 'draw', args: {} },
  { type: 'function', name: 'web_search' },
];
const ran = (toolName: string, providerExecuted = true) => ({
  type: 'tool-call',
  toolCallId: 'x',
  toolName,
  input: '{}',
  providerExecuted,
});
const content = [ran('look_up'), ran('draw'), ran('look_up'), ran('web_search'), ran('look_up', false)];

test("searches and pictures of the provider's own tools are counted, by whatever name the host gave them", () => {
  const known = facts();
  readGenerated(known, { content, usage, finishReason: 'stop' }, billedTools(tools));
  expect(known.usage).toEqual({ input: 3, output: 1, webSearches: 2, imagesGenerated: 1 });
});

test('the same holds for a stream', () => {
  const known = facts();
  const reader = readModelStream(known, billedTools(tools));
  for (const part of content) reader.item(part);
  reader.item({ type: 'finish', usage, finishReason: 'stop' });
  expect(known.usage).toMatchObject({ input: 3, output: 1, webSearches: 2, imagesGenerated: 1 });
  expect(reader.end(true)).toEqual({ status: 'ok', complete: true });
});

test("a provider's own count of searches is not counted a second time", () => {
  const known = facts();
  const anthropic = { usage: { input_tokens: 3, server_tool_use: { web_search_requests: 5 } } };
  const answer = { content, usage, finishReason: 'stop', providerMetadata: { anthropic } };
  readGenerated(known, answer, billedTools(tools));
  expect(known.usage?.webSearches).toBe(5);
});

test('an answer that the provider calls an error is one', () => {
  for (const finishReason of ['error', { unified: 'error', raw: 'failed' }])
    expect(readGenerated(facts(), { usage, finishReason }, billedTools([]))).toMatchObject({
      status: 'error',
      complete: true,
    });
});

test('arguments of a tool are measured once, with or without their pieces', () => {
  const whole = readModelStream(facts(), billedTools([]));
  expect(whole.item({ type: 'tool-call', input: '{"at":1}' })).toBe('{"at":1}');
  const pieces = readModelStream(facts(), billedTools([]));
  expect(pieces.item({ type: 'tool-input-delta', delta: '{"at"' })).toBe('{"at"');
  expect(pieces.item({ type: 'tool-call', input: '{"at":1}' })).toBeUndefined();
});

test('the announcement of a stream is no piece of its answer', () => {
  expect(readModelStream(facts(), billedTools([])).item({ type: 'stream-start', warnings: [] })).toBeNull();
});

test("the tier of Google's traffic and the request's id are kept", () => {
  const known = facts();
  const google = { usageMetadata: { trafficType: 'ON_DEMAND' } };
  const response = { headers: { 'x-request-id': 'req_1', authorization: 'canary' } };
  readGenerated(known, { usage, providerMetadata: { google }, response }, billedTools([]));
  expect([known.serviceTier, known.providerIds]).toEqual(['on_demand', { requestId: 'req_1' }]);
});
