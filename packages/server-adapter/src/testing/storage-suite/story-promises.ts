import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ManualClock } from '../../primitives/clock.ts';
import type { AppendEvent } from '../../storage/contract/append.ts';
import type { PriceDraft } from '../../storage/contract/price-store.ts';
import type { ReadPlan } from '../../storage/contract/read-plan.ts';
import type { ReadScope } from '../../storage/contract/scoped-reader.ts';
import type { Storage } from '../../storage/contract/storage.ts';
import { referenceStorage } from '../reference/reference-storage.ts';
import { newOrganization, type TestOrganization } from './suite-context.ts';
import { settings, story, type Chapter, type StorySetting } from './story.ts';
import { nodeIds, questionFor } from './story-plans.ts';

// More of both from the environment: TALLYKIT_STORIES=50 TALLYKIT_SEED=7 widens the search on a quiet machine.
const stories = Number(process.env['TALLYKIT_STORIES'] ?? 1);
const seed = Number(process.env['TALLYKIT_SEED'] ?? 20_261_120);
const questionsPerNode = 4;

const price = (id: string): PriceDraft => ({
  id,
  source: 'override',
  provider: 'openai',
  model: 'small',
  match: 'exact',
  currency: 'USD',
  validFrom: null,
  validTo: null,
  serviceTier: null,
  batch: null,
  region: null,
  windowOfDay: null,
  rates: [],
  tierMode: 'cliff',
  tiers: [],
  appliesTo: 'both',
  rule: null,
  empty: false,
});

/** The store under test, and the clock that it was opened with. */
interface Ground {
  readonly storage: Storage;
  readonly clock: ManualClock;
}

interface Pair {
  readonly tested: TestOrganization;
  readonly reference: TestOrganization;
  readonly clock: ManualClock;
  readonly sent: AppendEvent[];
}

async function both<Result>(
  { tested, reference }: Pair,
  act: (organization: TestOrganization) => Promise<Result>,
): Promise<Result> {
  const expected = await act(reference);
  expect(await act(tested)).toEqual(expected);
  return expected;
}

async function revise(pair: Pair, chapter: Extract<Chapter, { what: 'revise' }>): Promise<void> {
  const all = {
    calls: 'all',
    from: null,
    to: null,
    provider: null,
    model: null,
    after: null,
    limit: 1000,
  } as const;
  const calls = await both(pair, ({ store }) => store.callsForReview(all));
  await both(pair, ({ store }) =>
    store.callsForReview({ ...all, calls: 'pending', provider: 'openai', model: 'small' }),
  );
  if (calls.length === 0) return;
  const chosen = new Set(chapter.picks.map((pick) => calls[pick % calls.length]));
  const revisions = [...chosen].flatMap((call) =>
    call === undefined ? [] : [{ eventId: call.eventId, expected: call.current, next: chapter.next }],
  );
  const { priceVersion } = await both(pair, ({ store }) => store.logHead());
  await both(pair, ({ store }) => store.reviseCosts(revisions, priceVersion));
}

async function perform(pair: Pair, chapter: Chapter, number: number): Promise<void> {
  pair.clock.advance(1000);
  switch (chapter.what) {
    case 'append':
      pair.sent.push(...chapter.items);
      await both(pair, (organization) => organization.append(...chapter.items));
      break;
    case 'resend': {
      const again = chapter.picks.flatMap((pick) => pair.sent[pick % Math.max(1, pair.sent.length)] ?? []);
      const items = chapter.changed ? again.map((item) => ({ ...item, hash: 'f'.repeat(64) })) : again;
      await both(pair, (organization) => organization.append(...items));
      break;
    }
    case 'revise':
      await revise(pair, chapter);
      break;
    case 'price':
      await both(pair, ({ store }) => store.putPrices([price(`price ${number}`)], pair.clock.now()));
      break;
    case 'sum':
      await both(pair, ({ store }) => store.advanceRollups(chapter.limit));
      break;
  }
}

async function compareReads(pair: Pair, plans: readonly ReadPlan[]): Promise<void> {
  for (const plan of plans) {
    for (const customers of ['all', ['c1']] as const) {
      await both(pair, (organization) => {
        const scope: ReadScope = { organizationId: organization.id, customers };
        return organization.read(plan, scope);
      });
    }
  }
}

function otherPlans({ around }: StorySetting, sent: readonly AppendEvent[]): ReadPlan[] {
  const range = { from: around - 2 * 86_400_000, to: around + 86_400_000 };
  return [
    { kind: 'pending', range, filters: [] },
    { kind: 'pending', range, filters: [{ field: 'provider', operator: 'ne', values: ['openai'] }] },
    { kind: 'captured', range },
    { kind: 'customers', limit: 10 },
    { kind: 'trace', traceId: sent[0]?.event.traceId ?? '', limit: 1000 },
    ...sent.slice(0, 5).map(({ event }): ReadPlan => ({ kind: 'call', id: event.id })),
  ];
}

async function tell(ground: Ground, setting: StorySetting, chapters: readonly Chapter[]): Promise<void> {
  const { storage, clock } = ground;
  clock.set(setting.around);
  const oracle = referenceStorage({ clock });
  const pair: Pair = {
    tested: await newOrganization(storage, setting.timeZone),
    reference: await newOrganization(oracle, setting.timeZone),
    clock,
    sent: [],
  };
  for (const [number, chapter] of chapters.entries()) await perform(pair, chapter, number);
  // Sums may lag here: both must lag alike.
  const lagging = fc.sample(questionFor('day_customer_model', setting), { numRuns: 3, seed });
  for (const { plan, customers } of lagging) {
    await both(pair, (organization) =>
      organization.read(plan, { organizationId: organization.id, customers }),
    );
  }
  await pair.tested.catchUp();
  await pair.reference.catchUp();
  for (const [index, id] of nodeIds.entries()) {
    for (const { plan, customers } of fc.sample(questionFor(id, setting), {
      numRuns: questionsPerNode,
      seed: seed + index,
    })) {
      const ask = (organization: TestOrganization, source: typeof plan.source) =>
        organization.read({ ...plan, source }, { organizationId: organization.id, customers });
      const expected = await ask(pair.reference, 'raw');
      expect(await ask(pair.tested, id), `${id}: ${JSON.stringify(plan)}`).toEqual(expected);
      expect(await ask(pair.tested, 'raw'), `raw: ${JSON.stringify(plan)}`).toEqual(expected);
    }
  }
  await compareReads(pair, otherPlans(setting, pair.sent));
  const drift = await pair.tested.store.checkRollups({
    from: setting.around - 9e8,
    to: setting.around + 9e8,
  });
  expect(drift).toEqual([]);
}

/** Generated courses of events, after which every answer must be the reference's. */
export function describeStories(storage: () => Storage, clock: ManualClock): void {
  describe('generated stories', { timeout: 60_000 * stories }, () => {
    it.each(settings.map((setting, index) => ({ ...setting, index })))(
      'end with the answers of the reference in $timeZone',
      async ({ index, ...setting }) => {
        await fc.assert(
          fc.asyncProperty(story(setting), (chapters) =>
            tell({ storage: storage(), clock }, setting, chapters),
          ),
          { numRuns: stories, seed: seed + index, endOnFailure: stories === 1 },
        );
      },
    );

    it('rebuild to what they were', async () => {
      const [setting] = settings;
      if (setting === undefined) throw new Error('There is no setting.');
      const organization = await newOrganization(storage(), setting.timeZone);
      const [chapters = []] = fc.sample(story(setting), { numRuns: 1, seed });
      for (const chapter of chapters) {
        if (chapter.what === 'append') await organization.append(...chapter.items);
      }
      await organization.catchUp();
      const range = { from: setting.around - 9e8, to: setting.around + 9e8 };
      await organization.store.rebuildRollups();
      expect(await organization.store.checkRollups(range)).toEqual([]);
    });
  });
}
