import { readFile } from 'node:fs/promises';
import { calcPrice, waitForUpdate } from '@pydantic/genai-prices';
import { decimalStringSchema } from '@tallykit/protocol';
import { beforeAll, describe, expect, it } from 'vitest';
import { createPriceBook, type PriceBook } from '../price-book.ts';
import { costOfCall } from '../cost-of-call.ts';
import { callTime, llmCall } from '../__fixtures__/llm-call.ts';
import type { PriceDraft } from '../../storage/contract/price-store.ts';
import { catalogueRelease, catalogueRows } from './catalogue-rows.ts';
import { priceId } from '../price-id.ts';

let rows: PriceDraft[] = [];
let book: PriceBook;
beforeAll(async () => {
  rows = await catalogueRows();
  const knownFrom = '2026-11-01T00:00:00.000Z';
  book = createPriceBook({ version: 1, rows: rows.map((row) => ({ ...row, knownFrom })) });
});

const find = (provider: string, model: string) =>
  rows.filter((row) => row.provider === provider && row.model === model);

describe('the catalogue', () => {
  it('is named by the version that is installed', async () => {
    const file = new URL('../../../node_modules/@pydantic/genai-prices/package.json', import.meta.url);
    const { version }: { version: string } = JSON.parse(await readFile(file, 'utf8'));
    expect(catalogueRelease).toBe(`genai-prices@${version}`);
  });

  it('gives every row an id of its content, and no two rows the same', async () => {
    expect(new Set(rows.map(({ id }) => id)).size).toBe(rows.length);
    expect(rows.length).toBeGreaterThan(1500);
    for (const { id, ...content } of rows.slice(0, 50)) expect(priceId(content)).toBe(id);
    expect((await catalogueRows()).map(({ id }) => id)).toEqual(rows.map(({ id }) => id));
  });

  it('holds amounts as decimals that the wire takes', () => {
    for (const { rates, tiers } of rows) {
      for (const { amount, per } of [...rates, ...tiers.flatMap((tier) => tier.rates)]) {
        expect(decimalStringSchema.safeParse(amount).success).toBe(true);
        expect(Number.isSafeInteger(per) && per > 0).toBe(true);
      }
    }
  });

  it('marks a model without any rate, so that it never costs 0', async () => {
    const providers = (await waitForUpdate()) ?? [];
    const without = providers
      .flatMap(({ models }) => models)
      .filter(({ prices }) => !Array.isArray(prices) && Object.keys(prices).length === 0);
    expect(rows.filter(({ empty }) => empty)).toHaveLength(without.length);
    expect(without.length).toBeGreaterThan(0);
  });

  it('dates prices one after the other', () => {
    expect(find('openai', 'o3').map(({ validFrom, validTo }) => [validFrom, validTo])).toEqual([
      [null, '2025-06-10T00:00:00.000Z'],
      ['2025-06-10T00:00:00.000Z', null],
    ]);
  });

  it('keeps prices of certain hours, from the date that they were listed after', () => {
    const spans = find('deepseek', 'deepseek-v4-pro').map(({ validFrom, validTo, windowOfDay }) => ({
      validFrom,
      validTo,
      windowOfDay,
    }));
    expect(spans).toEqual([
      { validFrom: null, validTo: '2026-08-17T00:00:00.000Z', windowOfDay: null },
      { validFrom: '2026-08-17T00:00:00.000Z', validTo: null, windowOfDay: null },
      { validFrom: '2026-08-17T00:00:00.000Z', validTo: null, windowOfDay: { from: '01:00', to: '04:00' } },
      { validFrom: '2026-08-17T00:00:00.000Z', validTo: null, windowOfDay: { from: '06:00', to: '10:00' } },
    ]);
  });

  it.each(['gpt-image-1', 'gpt-image-1-mini', 'gpt-image-2'])(
    'prices the pictures of %s, which writes nothing else, at its rate of output',
    (model) => {
      const row = rows.find((each) => each.provider === 'openai' && each.model === model);
      const rateOf = (bucket: string) => row?.rates.find((rate) => rate.bucket === bucket);
      expect(rateOf('outputImage')).toEqual({ ...rateOf('output'), bucket: 'outputImage' });
      expect(rateOf('outputImage')?.amount).toMatch(/^\d/);
    },
  );

  it('gives no rate for cached input where cached images cost more than cached text', () => {
    const [row] = find('openai', 'gpt-image-1');
    expect(row?.rates.map(({ bucket }) => bucket)).toEqual(['input', 'inputImage', 'output', 'outputImage']);
  });
});

// The package's own calculator is an oracle here, within what floats can hold; the product never calls it.
describe('costs by the catalogue', () => {
  const usages = [
    { input: 1234, output: 567 },
    { input: 900, cacheRead: 300, output: 120, reasoning: 64 },
    { input: 250_000, cacheRead: 30_000, output: 1000 },
    { input: 200_000, output: 1 },
    { input: 200_001, output: 1 },
    { input: 272_001, output: 5000 },
    { input: 0, output: 0 },
  ];
  const calls = [
    ['openai', 'gpt-4o-mini-2024-07-18'],
    ['openai', 'o3'],
    ['openai', 'gpt-5-mini'],
    ['openai', 'gpt-5.6-sol'],
    ['anthropic', 'claude-sonnet-4-5-20250929'],
    ['anthropic', 'claude-3-5-haiku-latest'],
    ['google', 'gemini-2.5-pro'],
    ['google', 'gemini-2.5-flash'],
    ['gcp.vertex_ai', 'claude-sonnet-4-5'],
    ['azure', 'gpt-4o'],
    ['deepseek', 'deepseek-chat'],
    ['deepseek', 'deepseek-v4-pro'],
    ['x_ai', 'grok-4'],
    ['mistral', 'mistral-medium-latest'],
    ['groq', 'llama-3.3-70b-versatile'],
    ['openrouter', 'anthropic/claude-sonnet-4.5'],
    ['litellm', 'openai/gpt-4o'],
  ] as const;
  const times = [callTime, Date.parse('2026-11-20T02:00:00Z'), Date.parse('2025-06-01T17:00:00Z')];

  it.each(calls)('agree with the package for %s %s', (provider, model) => {
    let compared = 0;
    for (const usage of usages) {
      for (const at of times) {
        const theirs = calcPrice(
          {
            input_tokens: usage.input + (usage.cacheRead ?? 0),
            cache_read_tokens: usage.cacheRead ?? 0,
            output_tokens: usage.output + (usage.reasoning ?? 0),
          },
          model,
          {
            providerId: provider === 'gcp.vertex_ai' ? 'google' : provider.replace('_', '-'),
            timestamp: new Date(at),
          },
        );
        const event = llmCall({ at, provider, requestModel: model });
        const draft = costOfCall({ event, usage }, book, { basis: 'list', markup: '0' });
        if (draft.kind === 'pending') {
          // Where the package takes another rate for a bucket that has none, the cost is not known.
          expect(draft.reason).toBe('no_rate_for_bucket');
          continue;
        }
        // Hours of deepseek-v4 that were listed with a later price do not count for the time before it.
        if (model === 'deepseek-v4-pro' && at < Date.parse('2026-08-17T00:00:00Z')) continue;
        expect(Number(draft.list)).toBeCloseTo(theirs?.total_price ?? Number.NaN, 9);
        compared += 1;
      }
    }
    expect(compared).toBeGreaterThan(0);
  });
});
