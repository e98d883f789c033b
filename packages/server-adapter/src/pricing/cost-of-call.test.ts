import fc from 'fast-check';
import { usageBuckets, type TokenUsage } from '@tallykit/protocol';
import { describe, expect, it } from 'vitest';
import { addDecimals, costOfQuantity, roundDecimal } from '../primitives/money.ts';
import { llmCall } from './__fixtures__/llm-call.ts';
import { bookOf, overrideRow } from './__fixtures__/price-row.ts';
import { costOfCall } from './cost-of-call.ts';
import { createPriceBook } from './price-book.ts';

const listed = { basis: 'list', markup: '0' } as const;
const usage = { input: 1000, output: 100 };
const book = bookOf(overrideRow());

describe('the cost of a call', () => {
  it('is the exact sum of its lines, rounded once', () => {
    const row = overrideRow();
    expect(costOfCall({ event: llmCall(), usage }, bookOf(row), listed)).toEqual({
      kind: 'priced',
      reason: null,
      currency: 'USD',
      list: '0.0012',
      effective: '0.0012',
      charge: '0.0012',
      listPriceId: row.id,
      effectivePriceId: row.id,
      lines: [
        { bucket: 'input', quantity: 1000, rate: '1', per: 1_000_000, amount: '0.001' },
        { bucket: 'output', quantity: 100, rate: '2', per: 1_000_000, amount: '0.0002' },
      ],
    });
  });

  it('agrees to the last digit with decimal arithmetic for any usage and rates', () => {
    const rateText = fc
      .tuple(fc.nat(99_999), fc.nat(999_999))
      .map(([a, b]) => `${a}.${String(b).padStart(6, '0')}`);
    const buckets = fc.uniqueArray(fc.constantFrom(...usageBuckets), { minLength: 1 });
    fc.assert(
      fc.property(
        buckets,
        fc.infiniteStream(rateText),
        fc.infiniteStream(fc.nat(2 ** 40)),
        (chosen, rates, counts) => {
          const priced = chosen.map((bucket) => ({
            bucket,
            amount: rates.next().value ?? '1',
            per: 1_000_000,
            quantity: counts.next().value ?? 1,
          }));
          const row = overrideRow({
            rates: priced.map(({ bucket, amount, per }) => ({ bucket, amount, per })),
          });
          const used: TokenUsage = Object.fromEntries(
            priced.map(({ bucket, quantity }) => [bucket, quantity]),
          );
          const draft = costOfCall({ event: llmCall(), usage: used }, bookOf(row), listed);
          const exact = priced.reduce(
            (sum, { quantity, amount, per }) => addDecimals(sum, costOfQuantity(quantity, amount, per)),
            '0',
          );
          expect(draft.list).toBe(roundDecimal(exact, 12));
          expect(roundDecimal(draft.lines.map(({ amount }) => amount).reduce(addDecimals, '0'), 12)).toBe(
            draft.list,
          );
        },
      ),
      { numRuns: 60 },
    );
  });

  it('rounds a tie at the thirteenth place to the even digit', () => {
    const halves = bookOf(overrideRow({ rates: [{ bucket: 'input', amount: '0.000000000001', per: 2 }] }));
    const listOf = (input: number) => costOfCall({ event: llmCall(), usage: { input } }, halves, listed).list;
    expect([listOf(1), listOf(3), listOf(5)]).toEqual(['0', '0.000000000002', '0.000000000002']);
  });

  it('is 0 only where usage or a rate says 0', () => {
    expect(costOfCall({ event: llmCall(), usage: { input: 0, output: 0 } }, book, listed)).toMatchObject({
      kind: 'priced',
      list: '0',
      lines: [],
    });
    const free = bookOf(overrideRow({ rates: [{ bucket: 'input', amount: '0' }] }));
    expect(costOfCall({ event: llmCall(), usage: { input: 5 } }, free, listed).list).toBe('0');
  });

  it('is pending without usage, however the absence is written', () => {
    for (const absent of [null, {}, { input: undefined }]) {
      expect(costOfCall({ event: llmCall(), usage: absent }, book, listed)).toEqual({
        kind: 'pending',
        reason: 'usage_absent',
        currency: null,
        list: null,
        effective: null,
        charge: null,
        listPriceId: null,
        effectivePriceId: null,
        lines: [],
      });
    }
  });

  it('is 0 for a call that the provider refused, of a model that nobody knows too', () => {
    const refused = llmCall({ status: 'error', httpStatus: 429, provider: 'nobody' });
    expect(costOfCall({ event: refused, usage: null }, book, listed)).toMatchObject({
      kind: 'priced',
      reason: 'not_billed',
      currency: 'USD',
      charge: '0',
    });
  });

  it('is pending for an error that never reached the provider, since nobody knows what it used', () => {
    const broken = llmCall({ status: 'error', errorClass: 'ECONNRESET' });
    expect(costOfCall({ event: broken, usage: null }, book, listed).reason).toBe('usage_absent');
  });

  it('counts the usage of a refused call that has some', () => {
    const failed = llmCall({ status: 'error', httpStatus: 500 });
    expect(costOfCall({ event: failed, usage }, book, listed).list).toBe('0.0012');
  });

  it.each(['cacheRead', 'cacheWrite', 'cacheWrite1h', 'inputAudio', 'outputImage', 'webSearches'] as const)(
    'is pending when %s was used and has no rate',
    (bucket) => {
      const used = { ...usage, [bucket]: 1 };
      expect(costOfCall({ event: llmCall(), usage: used }, book, listed).reason).toBe('no_rate_for_bucket');
      const none = { ...usage, [bucket]: 0 };
      expect(costOfCall({ event: llmCall(), usage: none }, book, listed).kind).toBe('priced');
    },
  );

  it('bills reasoning as output and images as input where the price says nothing of them', () => {
    const used = { input: 1, inputImage: 1_000_000, reasoning: 1_000_000 };
    expect(costOfCall({ event: llmCall(), usage: used }, book, listed).list).toBe('3.000001');
    const own = bookOf(
      overrideRow({
        rates: [
          { bucket: 'input', amount: '1' },
          { bucket: 'output', amount: '2' },
          { bucket: 'reasoning', amount: '7' },
        ],
      }),
    );
    expect(costOfCall({ event: llmCall(), usage: { reasoning: 1_000_000 } }, own, listed).list).toBe('7');
  });

  it('does not wait for a price of pictures, characters or seconds where tokens are priced', () => {
    expect(costOfCall({ event: llmCall(), usage: { ...usage, imagesGenerated: 1 } }, book, listed).list).toBe(
      '0.0012',
    );
    expect(costOfCall({ event: llmCall(), usage: { seconds: 3 } }, book, listed).reason).toBe(
      'no_rate_for_bucket',
    );
  });

  it('adds a fee for the request once', () => {
    const row = overrideRow({
      rates: [
        { bucket: 'input', amount: '1' },
        { bucket: 'output', amount: '2' },
        { bucket: 'requests', amount: '12' },
      ],
    });
    const draft = costOfCall({ event: llmCall(), usage }, bookOf(row), listed);
    expect(draft.list).toBe('0.0132');
    expect(draft.lines.at(-1)).toEqual({
      bucket: 'requests',
      quantity: 1,
      rate: '12',
      per: 1000,
      amount: '0.012',
    });
  });

  it('is never an amount that the ledger cannot hold', () => {
    const row = overrideRow({ rates: [{ bucket: 'input', amount: `9${'0'.repeat(25)}`, per: 1 }] });
    expect(costOfCall({ event: llmCall(), usage: { input: 2 ** 50 } }, bookOf(row), listed).reason).toBe(
      'amount_out_of_range',
    );
  });
});

describe('the three amounts', () => {
  const list = overrideRow({ appliesTo: 'list' });
  const contract = overrideRow({
    appliesTo: 'effective',
    rates: [
      { bucket: 'input', amount: '0.5' },
      { bucket: 'output', amount: '1' },
    ],
  });

  it('come from the list and the contract, side by side', () => {
    expect(costOfCall({ event: llmCall(), usage }, bookOf(list, contract), listed)).toMatchObject({
      list: '0.0012',
      effective: '0.0006',
      charge: '0.0012',
      listPriceId: list.id,
      effectivePriceId: contract.id,
      lines: [{ rate: '0.5' }, { rate: '1' }],
    });
  });

  it('charge what the rule says, rounded once', () => {
    const charge = (rule: Parameters<typeof costOfCall>[2]) =>
      costOfCall({ event: llmCall(), usage }, bookOf(list, contract), rule).charge;
    expect(charge({ basis: 'effective', markup: '0' })).toBe('0.0006');
    expect(charge({ basis: 'list', markup: '0.25' })).toBe('0.0015');
    expect(charge({ basis: 'list', markup: '-0.1' })).toBe('0.00108');
    expect(charge({ basis: 'effective', markup: '0.333333333333' })).toBe('0.0008');
  });

  it('are the same where there is no contract', () => {
    expect(costOfCall({ event: llmCall(), usage }, bookOf(list), listed).effective).toBe('0.0012');
  });

  it('wait for a list price when only the contract is known', () => {
    expect(costOfCall({ event: llmCall(), usage }, bookOf(contract), listed).reason).toBe('no_list_price');
  });

  it('are pending when list and contract are in different currencies', () => {
    const euros = { ...contract, currency: 'EUR' };
    expect(costOfCall({ event: llmCall(), usage }, bookOf(list, euros), listed).reason).toBe('currency');
    const both = overrideRow({ currency: 'EUR' });
    expect(costOfCall({ event: llmCall(), usage }, bookOf(both), listed).currency).toBe('EUR');
  });
});

describe('context-size tiers', () => {
  const tiers = [
    {
      above: 1000,
      rates: [
        { bucket: 'input', amount: '2' },
        { bucket: 'output', amount: '3' },
      ],
    },
    { above: 5000, rates: [{ bucket: 'input', amount: '4' }] },
  ] as const;
  const cliff = bookOf(overrideRow({ tiers }));
  const graduated = bookOf(overrideRow({ tiers, tierMode: 'graduated' }));
  const cost = (used: TokenUsage, priced = cliff) =>
    costOfCall({ event: llmCall(), usage: used }, priced, listed);

  it('hold for the whole call once the prompt exceeds them, not when it reaches them', () => {
    expect(cost({ input: 1000, output: 100 }).list).toBe('0.0012');
    expect(cost({ input: 1001, output: 100 }).list).toBe('0.002302');
    expect(cost({ input: 1001, output: 100 }).lines.map(({ tierAbove }) => tierAbove)).toEqual([1000, 1000]);
  });

  it('keep the rate below for what a tier does not name', () => {
    expect(cost({ input: 6000, output: 100 })).toMatchObject({
      list: '0.0243',
      lines: [
        { rate: '4', tierAbove: 5000 },
        { rate: '3', tierAbove: 1000 },
      ],
    });
  });

  it('look at the whole prompt, cached parts included', () => {
    const cached = bookOf(
      overrideRow({
        rates: [
          { bucket: 'input', amount: '1' },
          { bucket: 'cacheRead', amount: '0.1' },
        ],
        tiers: [{ above: 1000, rates: [{ bucket: 'input', amount: '2' }] }],
      }),
    );
    expect(cost({ input: 10, cacheRead: 991 }, cached).lines.map(({ rate }) => rate)).toEqual(['2', '0.1']);
  });

  it('pay only for what is above them when they are graduated', () => {
    const { lines, list } = cost({ input: 7000, output: 100 }, graduated);
    expect(lines.map(({ bucket, quantity, rate }) => [bucket, quantity, rate])).toEqual([
      ['input', 1000, '1'],
      ['input', 4000, '2'],
      ['input', 2000, '4'],
      ['output', 100, '3'],
    ]);
    expect(list).toBe('0.0173');
  });

  it('never lose or repeat a token when they are graduated', () => {
    const rates = usageBuckets.map((bucket) => ({ bucket, amount: '1', per: 1 }));
    const flat = overrideRow({
      rates,
      tierMode: 'graduated',
      tiers: [
        { above: 10, rates },
        { above: 500, rates },
      ],
    });
    const count = fc.option(fc.nat(1000), { nil: undefined });
    fc.assert(
      fc.property(
        fc.record({ input: count, cacheRead: count, cacheWrite5m: count, inputAudio: count, output: count }),
        (used) => {
          const sum = Object.values(used).reduce<number>((total, part) => total + (part ?? 0), 0);
          const draft = cost(used, bookOf(flat));
          if (draft.kind === 'priced') expect(draft.list).toBe(String(sum));
          else expect(Object.values(used).every((part) => part === undefined)).toBe(true);
        },
      ),
    );
  });
});

it('does not price by a row of the catalogue that bills a unit which nobody counts', () => {
  const row = {
    ...overrideRow(),
    source: 'catalogue' as const,
    rule: {
      release: 'x',
      order: [0, 0],
      match: { contains: 'gpt' },
      provider: { match: { contains: 'openai' } },
      uncounted: ['input_document_kpages'],
    },
  };
  const pages = createPriceBook({ version: 1, rows: [row] });
  expect(costOfCall({ event: llmCall(), usage }, pages, listed).reason).toBe('unit_not_counted');
});
