import type { TokenUsage } from '@tallykit/protocol';
import { describe, expect, test } from 'vitest';
import { collect } from '../../testing/collect.ts';
import { createTestTracker } from '../../testing/create-test-tracker.ts';
import { hostDialects } from './__fixtures__/host-dialects.ts';
import { sdkVersions } from './__fixtures__/sdk-versions.ts';
import { onlyCall, streamed } from './__fixtures__/set-up.ts';
import { wrapOpenAI } from './wrap-openai.ts';

const expected: Readonly<Record<string, TokenUsage>> = {
  openai: { input: 20, cacheRead: 10, output: 5 },
  azure: { input: 30, output: 5 },
  openrouter: { input: 12, cacheRead: 10, cacheWrite: 8, output: 3, reasoning: 2 },
  groq: { input: 30, output: 5 },
  'anthropic/claude-opus-4.5': { input: 6, cacheRead: 4000, cacheWrite: 994, output: 5 },
  together: { input: 30, output: 5 },
  perplexity: { input: 30, output: 5 },
  'x-ai': { input: 30, output: 5, reasoning: 100 },
};

const named = hostDialects.map((dialect) => ({ ...dialect, name: dialect.model ?? dialect.host }));

function streamOf(chunks: readonly object[]): Response {
  const lines = [...chunks.map((chunk) => JSON.stringify(chunk)), '[DONE]'];
  return new Response(lines.map((line) => `data: ${line}\n\n`).join(''), {
    headers: { 'content-type': 'text/event-stream' },
  });
}

describe.each(sdkVersions)('conformance 7: streams of compatible hosts on $name', ({ OpenAI }) => {
  test.each(named)('$name', async ({ name, host, model, baseURL, chunks, visible }) => {
    const tracker = createTestTracker();
    const client = new OpenAI({ apiKey: 'test', baseURL, fetch: async () => streamOf(chunks) });
    wrapOpenAI(client, tracker);
    const seen = await collect(await client.chat.completions.create(streamed));
    expect(seen).toHaveLength(visible.length);
    expect(seen.map(({ choices }) => choices[0]?.delta.content)).toEqual(
      visible.map((index) => (chunks[index] as (typeof seen)[number]).choices[0]?.delta.content),
    );
    const call = await onlyCall(tracker);
    expect(call).toMatchObject({ provider: host, responseId: 'gen-1', status: 'ok', complete: true });
    expect(call.usage).toEqual(expected[name]);
    expect(call.statedCost).toEqual(
      host === 'openrouter' && !model ? { amount: '0.000140000000', currency: 'USD' } : undefined,
    );
  });
});
