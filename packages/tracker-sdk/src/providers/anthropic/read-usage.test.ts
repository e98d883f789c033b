import { tokenUsageSchema } from '@tallykit/protocol';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RawCounts } from '../../observe/usage-reading.ts';
import { mergeCounts, usageOf } from './read-usage.ts';

function read(...reports: unknown[]) {
  const raw: RawCounts = {};
  for (const report of reports) mergeCounts(raw, report);
  return { raw, usage: JSON.parse(JSON.stringify(usageOf(raw) ?? null)) as unknown };
}

test.each([
  [
    'what was written to the cache, by lifetime',
    [
      {
        input_tokens: 2048,
        cache_read_input_tokens: 1800,
        cache_creation_input_tokens: 248,
        cache_creation: { ephemeral_5m_input_tokens: 148, ephemeral_1h_input_tokens: 100 },
        output_tokens: 503,
      },
    ],
    { input: 2048, cacheRead: 1800, cacheWrite5m: 148, cacheWrite1h: 100, output: 503 },
  ],
  [
    'what was written to the cache without a lifetime',
    [{ input_tokens: 10, cache_creation_input_tokens: 30, cache_creation: null, output_tokens: 1 }],
    { input: 10, cacheWrite: 30, output: 1 },
  ],
  [
    'a later total that is more than what has a lifetime',
    [
      {
        input_tokens: 10,
        cache_creation_input_tokens: 30,
        cache_creation: { ephemeral_5m_input_tokens: 30, ephemeral_1h_input_tokens: 0 },
      },
      { input_tokens: 25, cache_creation_input_tokens: 50, output_tokens: 5 },
    ],
    { input: 25, cacheWrite: 20, cacheWrite5m: 30, cacheWrite1h: 0, output: 5 },
  ],
  [
    'thinking, where its share of the output is told',
    [{ input_tokens: 9, output_tokens: 300, output_tokens_details: { thinking_tokens: 180 } }],
    { input: 9, output: 120, reasoning: 180 },
  ],
  [
    'more thinking than output as all of the output',
    [{ output_tokens: 5, output_tokens_details: { thinking_tokens: 9 } }],
    { output: 0, reasoning: 5 },
  ],
  [
    'searches, which are billed by their number',
    [
      {
        input_tokens: 9,
        output_tokens: 3,
        server_tool_use: { web_search_requests: 2, web_fetch_requests: 1 },
      },
    ],
    { input: 9, output: 3, webSearches: 2 },
  ],
  [
    'a compaction, which is billed on top of the totals',
    [
      {
        input_tokens: 20,
        output_tokens: 5,
        iterations: [
          { type: 'compaction', input_tokens: 1000, output_tokens: 100, cache_read_input_tokens: 7 },
          { type: 'message', input_tokens: 20, output_tokens: 5, cache_read_input_tokens: 0 },
          { type: 'advisor_message', model: 'claude-opus-4-5', input_tokens: 70, output_tokens: 9 },
          null,
        ],
      },
    ],
    { input: 1020, cacheRead: 7, output: 105 },
  ],
  [
    'zeros',
    [{ input_tokens: 0, cache_read_input_tokens: 0, cache_creation_input_tokens: 0, output_tokens: 0 }],
    { input: 0, cacheRead: 0, cacheWrite: 0, output: 0 },
  ],
  ['nothing', [undefined, null, 'text', {}, { input_tokens: -1, output_tokens: 1.5 }], null],
  [
    'an input that was told first, and an output that grows',
    [{ input_tokens: 25, cache_read_input_tokens: null }, { output_tokens: 3 }, { output_tokens: 15 }],
    { input: 25, output: 15 },
  ],
])('reads %s', (_, reports, expected) => {
  expect(read(...reports).usage).toEqual(expected);
});

test('the raw counts are kept under names from a list, and nothing else', () => {
  const { raw } = read({
    input_tokens: 9,
    secret: 'text',
    surprise: 5,
    cache_creation: { ephemeral_5m_input_tokens: 3, surprise: 7 },
    server_tool_use: { web_fetch_requests: 1, deeper: { web_search_requests: 4 } },
  });
  expect(raw).toEqual({
    input_tokens: 9,
    'cache_creation.ephemeral_5m_input_tokens': 3,
    'server_tool_use.web_fetch_requests': 1,
  });
});

test('any report gives buckets that the wire takes, and at most 16 raw counts', () => {
  const count = fc.oneof(fc.integer({ min: 0, max: 2 ** 36 }), fc.constant(null), fc.string(), fc.double());
  const flat = {
    input_tokens: count,
    output_tokens: count,
    cache_read_input_tokens: count,
    cache_creation_input_tokens: count,
  };
  const report = fc.record(
    {
      ...flat,
      cache_creation: fc.record({ ephemeral_5m_input_tokens: count, ephemeral_1h_input_tokens: count }),
      output_tokens_details: fc.record({ thinking_tokens: count }),
      server_tool_use: fc.record({ web_search_requests: count, web_fetch_requests: count }),
      iterations: fc.array(fc.record({ type: fc.constantFrom('compaction', 'message'), ...flat })),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fc.array(report, { maxLength: 3 }), (reports) => {
      const { raw, usage } = read(...reports);
      expect(Object.keys(raw).length).toBeLessThanOrEqual(16);
      expect(usage === null || tokenUsageSchema.safeParse(usage).success).toBe(true);
    }),
  );
});
