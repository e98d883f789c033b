import { afterAll, beforeAll, expect, it } from 'vitest';
import { createIngestion } from '../ingestion/create-ingestion.ts';
import { createFollower } from '../log/follower.ts';
import { createManualClock } from '../primitives/clock.ts';
import { embedded } from '../storage/engines/embedded/index.ts';
import type { Storage } from '../storage/contract/storage.ts';
import { callTime, llmCall } from './__fixtures__/llm-call.ts';
import { createPriceBooks } from './price-books.ts';
import type { PricingContext } from './pricing-context.ts';
import { putPrices } from './put-prices.ts';
import { settlePrices } from './settle-prices.ts';

const clock = createManualClock(callTime);
const chargeRule = { basis: 'list', markup: '0' } as const;
let storage: Storage;

beforeAll(async () => {
  storage = embedded({ clock });
  await storage.migrate('auto');
  await storage.ensureOrganization({ id: 'acme', name: 'Acme', timeZone: 'UTC' });
});
afterAll(() => storage.close());

/** A process of its own, so far as prices go: it learns of changes elsewhere from the store alone. */
function context(): PricingContext {
  const store = storage.forOrganization({ organizationId: 'acme', subject: 'test' });
  return { store, books: createPriceBooks({ storage }), clock, chargeRule };
}

async function times(count: number, work: (index: number) => Promise<unknown>): Promise<void> {
  for (let index = 0; index < count; index += 1) await work(index);
}

it('a call that comes while prices change and are settled waits for none that is there, and its entries add up', async () => {
  const { books } = context();
  const ingestion = createIngestion({ storage, books, clock, chargeRule, onAppended: () => undefined });
  const follower = createFollower({ storage, onError: (error) => expect(error).toBeNull() });
  const send = async (sender: number, request: number): Promise<void> => {
    const events = Array.from({ length: 5 }, (_, index) =>
      llmCall({ callId: `${sender}-${request}-${index}`, requestModel: 'brand-new', usage: { input: 1 } }),
    );
    const source = { organizationId: 'acme', keyId: null, customerId: null };
    const body = { protocol: 1, sentAt: new Date(callTime).toISOString(), events };
    expect(await ingestion.ingest(source, body)).toMatchObject({ accepted: 5, problems: [] });
  };
  const put = (amount: number) =>
    putPrices(context(), {
      prices: [
        {
          provider: 'openai',
          model: 'brand-new',
          rates: [{ bucket: 'input', amount: `${amount}`, per: 1 }],
        },
      ],
    });

  await Promise.all([
    times(12, (request) => send(0, request)),
    times(12, (request) => send(1, request)),
    times(12, (request) => send(2, request)),
    times(3, (change) => put(change + 1)),
    times(4, () => settlePrices(context(), { calls: 'all', dryRun: false })),
    times(4, () => follower.tick()),
  ]);

  expect(await settlePrices(context(), {})).toMatchObject({ examined: 0, stillPending: [] });
  await settlePrices(context(), { calls: 'all', dryRun: false });
  await follower.tick();
  const { store } = context();
  expect(await store.checkRollups({ from: callTime - 86_400_000, to: callTime + 86_400_000 })).toEqual([]);
  const calls = await store.callsForReview({
    ...{ calls: 'all', from: null, to: null, provider: null, model: null },
    ...{ after: null, limit: 1000 },
  });
  expect(calls).toHaveLength(180);
  const reader = storage.forScope({ organizationId: 'acme', customers: 'all' });
  for (const { eventId, current } of calls) {
    expect(current).toMatchObject({ kind: 'priced', list: '3' });
    const [record] = (await reader.read({ kind: 'call', id: eventId })).rows;
    const amounts = record?.entries.map(({ list }) => Number(list ?? 0)) ?? [];
    expect(amounts.reduce((sum, amount) => sum + amount, 0)).toBe(3);
  }
  await ingestion.close();
});
