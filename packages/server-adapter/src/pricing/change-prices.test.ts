import type { LlmCallEvent, PriceInput } from '@tallykit/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { createManualClock } from '../primitives/clock.ts';
import type { OrganizationStore } from '../storage/contract/storage.ts';
import { referenceStorage } from '../testing/index.ts';
import { callTime, llmCall } from './__fixtures__/llm-call.ts';
import { costOfCall } from './cost-of-call.ts';
import { importCatalogue } from './import-catalogue.ts';
import { listPrices } from './list-prices.ts';
import { createPriceBooks } from './price-books.ts';
import { currentBook, type PricingContext } from './pricing-context.ts';
import { putPrices } from './put-prices.ts';
import { settlePrices } from './settle-prices.ts';

const price: PriceInput = {
  provider: 'openai',
  model: 'brand-new',
  rates: [
    { bucket: 'input', amount: '1' },
    { bucket: 'output', amount: '2' },
  ],
};
const usage = { input: 1000, output: 100 };
let clock = createManualClock(callTime);
let context: PricingContext;

async function contextOf(): Promise<PricingContext> {
  clock = createManualClock(callTime);
  const storage = referenceStorage({ clock });
  await storage.ensureOrganization({ id: 'acme', name: 'Acme', timeZone: 'UTC' });
  const store = storage.forOrganization({ organizationId: 'acme', subject: 'test' });
  return { store, books: createPriceBooks({ storage }), clock, chargeRule: { basis: 'list', markup: '0' } };
}

async function append(...calls: readonly Partial<LlmCallEvent>[]): Promise<string[]> {
  const book = await currentBook(context);
  const events = calls.map((own) => llmCall({ requestModel: 'brand-new', usage, ...own }));
  await context.store.append({
    priceVersion: book.version,
    events: events.map((event) => ({
      event,
      hash: event.id,
      occurredAt: callTime,
      receivedAt: callTime,
      clockAhead: false,
      keyId: null,
      cost: costOfCall({ event, usage: event.usage ?? null }, book, context.chargeRule),
    })),
  });
  return events.map(({ id }) => id);
}

async function standing(): Promise<(string | null)[]> {
  const calls = await context.store.callsForReview({
    calls: 'all',
    from: null,
    to: null,
    provider: null,
    model: null,
    after: null,
    limit: 10_000,
  });
  return calls.map(({ current }) => current.list ?? current.reason);
}

beforeEach(async () => {
  context = await contextOf();
});

describe('storing prices', () => {
  it('settles at once what waited for them', async () => {
    await append({}, {}, { requestModel: 'another' });
    expect(await standing()).toEqual(['unknown_provider', 'unknown_provider', 'unknown_provider']);
    const answer = await putPrices(context, { prices: [price] });
    expect(answer).toMatchObject({ stored: 1, unchanged: 0, settled: 2 });
    expect((await standing()).sort()).toEqual(['0.0012', '0.0012', 'unknown_model']);
  });

  it('leaves alone what had a cost', async () => {
    await putPrices(context, { prices: [price] });
    await append({});
    await putPrices(context, { prices: [{ ...price, rates: [{ bucket: 'input', amount: '9' }] }] });
    expect(await standing()).toEqual(['0.0012']);
  });

  it('changes nothing when the same row comes again, however its decimals are written', async () => {
    const [id] = (await putPrices(context, { prices: [price] })).ids;
    const { priceVersion } = await context.store.logHead();
    const again = { ...price, rates: price.rates.map((rate) => ({ ...rate, amount: `${rate.amount}.000` })) };
    expect(await putPrices(context, { prices: [again] })).toEqual({
      stored: 0,
      unchanged: 1,
      ids: [id],
      settled: 0,
    });
    expect((await context.store.logHead()).priceVersion).toBe(priceVersion);
  });

  it('can go back to a row that was replaced, and says so only once', async () => {
    const dear = {
      ...price,
      rates: [
        { bucket: 'input', amount: '9' },
        { bucket: 'output', amount: '9' },
      ],
    } as const;
    await putPrices(context, { prices: [price] });
    await putPrices(context, { prices: [dear] });
    const back = await putPrices(context, { prices: [price] });
    expect(back.stored).toBe(1);
    expect((await putPrices(context, { prices: [price] })).unchanged).toBe(1);
    await append({});
    expect(await standing()).toEqual(['0.0012']);
  });

  it('withdraws an override by an end at its start', async () => {
    await putPrices(context, { prices: [price] });
    await putPrices(context, { prices: [{ ...price, validTo: '1970-01-01T00:00:00Z' }] });
    await append({});
    expect(await standing()).toEqual(['no_price_at_time']);
  });

  it.each([
    ['no price', { prices: [] }, 'invalid_request'],
    ['an unknown key', { prices: [{ ...price, note: 'x' }] }, 'invalid_request'],
    [
      'a negative amount',
      { prices: [{ ...price, rates: [{ bucket: 'input', amount: '-1' }] }] },
      'invalid_request',
    ],
    ['a float', { prices: [{ ...price, rates: [{ bucket: 'input', amount: 1.5 }] }] }, 'invalid_request'],
    [
      'a bucket twice',
      { prices: [{ ...price, rates: [...price.rates, { bucket: 'input', amount: '3' }] }] },
      'invalid_price',
    ],
    [
      'an end before the start',
      { prices: [{ ...price, validFrom: '2026-02-01T00:00:00Z', validTo: '2026-01-01T00:00:00Z' }] },
      'invalid_price',
    ],
    [
      'a window without length',
      { prices: [{ ...price, windowOfDay: { from: '06:00', to: '06:00' } }] },
      'invalid_price',
    ],
    [
      'two rows about the same',
      { prices: [price, { ...price, rates: [{ bucket: 'input', amount: '3' }] }] },
      'invalid_price',
    ],
    [
      'two tiers at one place',
      {
        prices: [
          {
            ...price,
            tiers: [
              { above: 5, rates: price.rates },
              { above: 5, rates: price.rates },
            ],
          },
        ],
      },
      'invalid_price',
    ],
  ])('refuses %s and stores nothing of the request', async (_what, body, code) => {
    await expect(putPrices(context, body)).rejects.toMatchObject({ status: 400, code });
    expect((await listPrices(context, new URLSearchParams())).prices).toEqual([]);
  });

  it('is seen by a process that priced with the book from before', async () => {
    const stale = await currentBook(context);
    await putPrices(context, { prices: [price] });
    const event = llmCall({ requestModel: 'brand-new', usage });
    const result = await context.store.append({
      priceVersion: stale.version,
      events: [],
    });
    expect(result.status).toBe('stale_prices');
    const fresh = await context.books.bookFor(
      'acme',
      result.status === 'stale_prices' ? result.priceVersion : 0,
    );
    expect(costOfCall({ event, usage }, fresh, context.chargeRule).list).toBe('0.0012');
  });
});

describe('settling', () => {
  const dear = { ...price, rates: price.rates.map((rate) => ({ ...rate, amount: '10' })) };

  beforeEach(async () => {
    await putPrices(context, { prices: [price] });
    await append({}, { provider: 'nobody' });
    await putPrices(context, { prices: [dear] });
  });

  it('shows the difference and changes nothing unless told', async () => {
    const before = (await context.store.logHead()).sequence;
    expect(await settlePrices(context, { calls: 'all' })).toEqual({
      dryRun: true,
      examined: 2,
      settled: 0,
      repriced: 1,
      unchanged: 1,
      stillPending: [{ reason: 'unknown_provider', calls: 1 }],
      difference: [{ amount: '0.0098', currency: 'USD' }],
    });
    expect((await context.store.logHead()).sequence).toBe(before);
    expect((await standing()).sort()).toEqual(['0.0012', 'unknown_provider']);
  });

  it('reverses and prices again when told, and has nothing to do a second time', async () => {
    expect(await settlePrices(context, { calls: 'all', dryRun: false })).toMatchObject({ repriced: 1 });
    expect((await standing()).sort()).toEqual(['0.011', 'unknown_provider']);
    expect(await settlePrices(context, { calls: 'all', dryRun: false })).toMatchObject({
      repriced: 0,
      unchanged: 2,
      difference: [],
    });
  });

  it('looks only at pending calls unless told', async () => {
    expect(await settlePrices(context, {})).toMatchObject({ examined: 1, repriced: 0 });
  });

  it('keeps to its range, provider and model', async () => {
    const examined = async (body: object) =>
      (await settlePrices(context, { calls: 'all', ...body })).examined;
    expect(await examined({ to: new Date(callTime).toISOString() })).toBe(0);
    expect(await examined({ from: new Date(callTime).toISOString() })).toBe(2);
    expect(await examined({ provider: 'nobody' })).toBe(1);
    expect(await examined({ model: 'gpt-4o-mini' })).toBe(0);
  });

  it('goes through more calls than one page holds', async () => {
    await append(...Array.from({ length: 2100 }, () => ({ provider: 'later' })));
    const answer = await putPrices(context, { prices: [{ ...price, provider: 'later' }] });
    expect(answer.settled).toBe(2100);
    expect(await settlePrices(context, { calls: 'all', provider: 'later' })).toMatchObject({
      examined: 2100,
    });
  });

  it('tells what a call waits for by now', async () => {
    await append({ provider: 'nobody', usage: { cacheRead: 5 } });
    await putPrices(context, { prices: [{ ...price, provider: 'nobody' }] });
    expect((await standing()).sort()).toEqual(['0.0012', '0.0012', 'no_rate_for_bucket']);
  });

  it('takes back a cost whose price was withdrawn', async () => {
    await putPrices(context, { prices: [{ ...dear, validTo: '1970-01-01T00:00:00Z' }] });
    await settlePrices(context, { calls: 'all', dryRun: false });
    expect((await standing()).sort()).toEqual(['no_price_at_time', 'unknown_provider']);
  });

  it('prices a page again when prices change under it', async () => {
    let interruptions = 0;
    const store: OrganizationStore = {
      ...context.store,
      reviseCosts: async (revisions, version) => {
        if (interruptions === 0) {
          interruptions += 1;
          await putPrices(context, {
            prices: [{ ...price, rates: price.rates.map((rate) => ({ ...rate, amount: '20' })) }],
          });
        }
        return context.store.reviseCosts(revisions, version);
      },
    };
    const answer = await settlePrices({ ...context, store }, { calls: 'all', dryRun: false });
    expect(answer.difference).toEqual([{ amount: '0.0208', currency: 'USD' }]);
    expect((await standing()).sort()).toEqual(['0.022', 'unknown_provider']);
  });

  it.each([{ dryRun: 'no' }, { from: 'yesterday' }, { calls: 'some' }, { extra: 1 }, null])(
    'refuses %j',
    async (body) => {
      await expect(settlePrices(context, body)).rejects.toMatchObject({ code: 'invalid_request' });
    },
  );
});

describe('listing', () => {
  beforeEach(async () => {
    await importCatalogue(context.store, clock);
  });

  it('pages through every row once, the own rows first', async () => {
    const { ids } = await putPrices(context, { prices: [price] });
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const query = new URLSearchParams({ limit: '500', ...(cursor === '' ? {} : { cursor }) });
      const page = await listPrices(context, query);
      seen.push(...page.prices.map(({ id }) => id));
      cursor = page.nextCursor;
    }
    const { rows } = await context.store.prices();
    expect(seen[0]).toBe(ids[0]);
    expect(seen).toHaveLength(rows.length);
    expect(new Set(seen).size).toBe(rows.length);
  });

  it('narrows by provider, model and source, and shows how a row finds its calls', async () => {
    const query = new URLSearchParams({ provider: 'OpenAI', model: 'gpt-4o-mini', source: 'catalogue' });
    const { prices, nextCursor } = await listPrices(context, query);
    expect(nextCursor).toBeNull();
    expect(prices).toHaveLength(1);
    expect(prices[0]?.match).toContain('equals "gpt-4o-mini"');
    expect(prices[0]).not.toHaveProperty('rule');
  });

  it.each(['source=mine', 'cursor=nonsense', 'limit=0', 'limit=501', 'limit=1.5', 'limit=-1'])(
    'refuses %s',
    async (query) => {
      await expect(listPrices(context, new URLSearchParams(query))).rejects.toMatchObject({
        status: 400,
        code: 'invalid_request',
      });
    },
  );

  it('imports a release once', async () => {
    expect(await importCatalogue(context.store, clock)).toEqual({ imported: 0 });
  });
});
