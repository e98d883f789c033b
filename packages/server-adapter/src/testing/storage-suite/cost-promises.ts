import { describe, expect, it } from 'vitest';
import type { CostReviewQuery } from '../../storage/contract/append.ts';
import type { PriceDraft } from '../../storage/contract/price-store.ts';
import type { Storage } from '../../storage/contract/storage.ts';
import { buildCall, buildItem, pendingFor, pricedAt } from '../build-events.ts';
import { newOrganization, type TestOrganization } from './suite-context.ts';

const at = Date.UTC(2026, 10, 20, 10);
const all: CostReviewQuery = {
  calls: 'all',
  from: null,
  to: null,
  provider: null,
  model: null,
  after: null,
  limit: 100,
};

const priceRow = (id: string, changes: Partial<PriceDraft> = {}): PriceDraft => ({
  id,
  source: 'override',
  provider: 'openai',
  model: 'gpt-4o-mini',
  match: 'exact',
  currency: 'USD',
  validFrom: null,
  validTo: null,
  serviceTier: null,
  batch: null,
  region: null,
  windowOfDay: null,
  rates: [{ bucket: 'input', amount: '0.15', per: 1_000_000 }],
  tierMode: 'cliff',
  tiers: [],
  appliesTo: 'both',
  rule: { or: [{ equals: 'gpt-4o-mini' }, { starts_with: 'gpt-4o-mini-' }] },
  empty: false,
  ...changes,
});

async function sumsOf(organization: TestOrganization) {
  await organization.catchUp();
  const measures = ['calls', 'pending_calls', 'list_amount', 'effective_amount', 'charge_amount'] as const;
  const raw = await organization.usage({ dimensions: ['currency'], measures });
  const summed = await organization.usage({ source: 'day_status', dimensions: ['currency'], measures });
  expect(summed).toEqual(raw);
  return raw;
}

/** What costs, prices and their revisions promise. */
export function describeCosts(storage: () => Storage): void {
  describe('costs', () => {
    it('keeps amounts to the last of twelve places', async () => {
      const organization = await newOrganization(storage());
      const amounts = ['0.000000000001', '0.1', '12345678901234567890.123456789012', '0'];
      for (const amount of amounts)
        await organization.append(buildItem(buildCall(), { cost: pricedAt(amount) }));
      const [row] = await sumsOf(organization);
      expect(row?.['list_amount']).toBe('12345678901234567890.223456789013');
    });

    it('settles a pending call without moving its count', async () => {
      const organization = await newOrganization(storage());
      const pending = pendingFor('unknown_model');
      const item = buildItem(buildCall(), { cost: pending });
      await organization.append(item);
      expect(await sumsOf(organization)).toMatchObject([{ currency: null, calls: 1, pending_calls: 1 }]);
      const next = pricedAt('2', { effective: '1.5', charge: '3', currency: 'EUR' });
      const result = await organization.store.reviseCosts(
        [{ eventId: item.event.id, expected: pending, next }],
        1,
      );
      expect(result).toEqual({ status: 'appended', applied: 1 });
      expect(await sumsOf(organization)).toMatchObject([
        { currency: 'EUR', calls: 0, list_amount: '2', effective_amount: '1.5', charge_amount: '3' },
        { currency: null, calls: 1, pending_calls: 0, list_amount: null },
      ]);
      const range = { from: at, to: at + 1 };
      expect(await organization.read({ kind: 'pending', range, filters: [] })).toEqual([]);
    });

    it('re-prices by a reversal and a new entry, across currencies, and back to pending', async () => {
      const organization = await newOrganization(storage());
      const first = pricedAt('2');
      const item = buildItem(buildCall(), { cost: first });
      await organization.append(item);
      const eventId = item.event.id;
      const euros = pricedAt('1.8', { currency: 'EUR', listPriceId: 'price-2', effectivePriceId: 'price-2' });
      await organization.store.reviseCosts([{ eventId, expected: first, next: euros }], 1);
      expect(await sumsOf(organization)).toMatchObject([
        { currency: 'EUR', calls: 0, list_amount: '1.8' },
        { currency: 'USD', calls: 1, list_amount: '0' },
      ]);
      await organization.store.reviseCosts([{ eventId, expected: euros, next: pendingFor('no_price') }], 1);
      expect(await sumsOf(organization)).toMatchObject([
        { currency: 'EUR', calls: 0, pending_calls: 0, list_amount: '0' },
        { currency: 'USD', calls: 1, pending_calls: 1, list_amount: '0' },
      ]);
      const [record] = await organization.read({ kind: 'call', id: eventId });
      expect(record?.entries.map(({ kind, list }) => [kind, list])).toEqual([
        ['priced', '2'],
        ['reversed', '-2'],
        ['priced', '1.8'],
        ['reversed', '-1.8'],
        ['pending', null],
      ]);
      expect(record?.entries.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5]);
      expect(await organization.store.checkRollups({ from: at, to: at + 1 })).toEqual([]);
    });

    it('leaves out a revision whose call has another cost by now, or that changes nothing', async () => {
      const organization = await newOrganization(storage());
      const item = buildItem(buildCall(), { cost: pricedAt('2') });
      await organization.append(item);
      const eventId = item.event.id;
      const revisions = [
        { eventId, expected: pricedAt('1'), next: pricedAt('3') },
        { eventId, expected: pricedAt('2'), next: pricedAt('2') },
        { eventId: buildCall().id, expected: pricedAt('2'), next: pricedAt('3') },
      ];
      expect(await organization.store.reviseCosts(revisions, 1)).toEqual({ status: 'appended', applied: 0 });
      expect(await organization.store.logHead()).toMatchObject({ sequence: 1 });
      const twice = [
        { eventId, expected: pricedAt('2'), next: pricedAt('3') },
        { eventId, expected: pricedAt('3'), next: pendingFor('no_price') },
      ];
      expect(await organization.store.reviseCosts(twice, 1)).toMatchObject({ applied: 2 });
      expect(await sumsOf(organization)).toMatchObject([
        { currency: 'USD', pending_calls: 1, list_amount: '0' },
      ]);
    });

    it('refuses revisions that were computed with other prices', async () => {
      const organization = await newOrganization(storage());
      const item = buildItem(buildCall(), { cost: pricedAt('2') });
      await organization.append(item);
      const revision = { eventId: item.event.id, expected: pricedAt('2'), next: pricedAt('3') };
      expect(await organization.store.reviseCosts([revision], 2)).toEqual({
        status: 'stale_prices',
        applied: 0,
      });
    });

    it('lists calls for review by id, narrowed and in pages', async () => {
      const organization = await newOrganization(storage());
      const times = [0, 1, 2, 3].map((minute) => at + minute * 60_000);
      const items = times.map((time, index) =>
        buildItem(
          buildCall({
            at: time,
            requestModel: index < 2 ? 'a' : 'b',
            responseModel: 'served',
            tags: { odd: 'nul \u0000' },
          }),
          {
            cost: index % 2 === 0 ? pendingFor('unknown_model') : pricedAt('1'),
          },
        ),
      );
      await organization.append(...items, buildItem(buildCall({ provider: 'anthropic' })));
      const ids = async (query: Partial<CostReviewQuery>) =>
        (await organization.store.callsForReview({ ...all, ...query })).map(({ eventId }) => eventId);
      const [a, b, c, d] = items.map(({ event }) => event.id);
      expect(await ids({ calls: 'pending' })).toEqual([a, c]);
      expect(await ids({ provider: 'openai', model: 'b' })).toEqual([c, d]);
      expect(await ids({ model: 'served', from: times[1] ?? 0, to: times[3] ?? 0 })).toEqual([b, c]);
      expect(await ids({ provider: 'openai', limit: 2, after: a ?? null })).toEqual([b, c]);
      const [call] = await organization.store.callsForReview({ ...all, calls: 'pending', limit: 1 });
      expect(call).toEqual({
        eventId: a,
        event: items[0]?.event,
        occurredAt: at,
        usage: { input: 100, output: 20 },
        current: pendingFor('unknown_model'),
      });
    });
  });

  describe('prices', () => {
    it('stores a row once, raises the version, and makes older drafts stale', async () => {
      const organization = await newOrganization(storage());
      const before = await organization.store.prices();
      const stored = await organization.store.putPrices(
        [priceRow('own-1'), priceRow('own-2'), priceRow('own-1')],
        at,
      );
      expect(stored).toEqual({
        stored: ['own-1', 'own-2'],
        unchanged: ['own-1'],
        version: before.version + 1,
      });
      const again = await organization.store.putPrices([priceRow('own-1')], at + 1);
      expect(again).toEqual({ stored: [], unchanged: ['own-1'], version: before.version + 1 });
      const append = { events: [buildItem(buildCall())], priceVersion: before.version };
      expect(await organization.store.append(append)).toMatchObject({ status: 'stale_prices' });
      const own = (await organization.store.prices()).rows.filter(({ id }) => id.startsWith('own'));
      expect(own).toEqual([
        { ...priceRow('own-1'), knownFrom: new Date(at).toISOString() },
        { ...priceRow('own-2'), knownFrom: new Date(at).toISOString() },
      ]);
    });

    it('shares the catalogue between organizations and keeps overrides apart', async () => {
      const [one, two] = [await newOrganization(storage()), await newOrganization(storage())];
      const release = `release ${one.id}`;
      const shared = `shared ${one.id}`;
      const rows = [priceRow(shared, { source: 'catalogue', empty: true, rates: [] })];
      const { version } = await two.store.prices();
      expect(await one.store.importCatalogue(release, rows, at)).toEqual({ imported: 1 });
      expect(await two.store.importCatalogue(release, rows, at + 1)).toEqual({ imported: 0 });
      await one.store.putPrices([priceRow(`own ${one.id}`)], at);
      const seen = await two.store.prices();
      expect(seen.version).toBeGreaterThan(version);
      expect(seen.rows.map(({ id }) => id)).toContain(shared);
      expect(seen.rows.map(({ id }) => id)).not.toContain(`own ${one.id}`);
      const plan = { kind: 'prices', ids: [shared, `own ${one.id}`] } as const;
      expect((await one.read(plan)).map(({ id }) => id)).toEqual([`own ${one.id}`, shared]);
      expect((await two.read(plan)).map(({ id }) => id)).toEqual([shared]);
      expect(await one.read(plan, one.of('c1'))).toEqual([]);
    });
  });
}
