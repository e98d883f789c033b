import { pricesPutSchema, type PricesPutAnswer } from '@tallykit/protocol';
import { invalidRequest } from '../http/invalid-request.ts';
import { problemError } from '../http/problem-error.ts';
import type { PriceDraft } from '../storage/contract/price-store.ts';
import { compilePrice, type CompiledPrice } from './compiled-price.ts';
import { priceId, type PriceContent } from './price-id.ts';
import { currentBook, type PricingContext } from './pricing-context.ts';
import { faultsOfPrice, readPriceInput, type PriceFault } from './read-price-input.ts';
import { settleCalls } from './settle-calls.ts';
import { overrideSubject, standingRows } from './standing-rows.ts';

function refuse(faults: readonly PriceFault[]): never {
  throw problemError({
    status: 400,
    code: 'invalid_price',
    title: 'Invalid price',
    detail:
      'A price of the request contradicts itself or another one, so none was stored. Correct the parts that "errors" names.',
    errors: faults,
  });
}

function compileDraft(draft: PriceDraft): CompiledPrice {
  return compilePrice({ ...draft, knownFrom: new Date(0).toISOString() });
}

// What stood before and comes back needs an id of its own: the old row stays replaced.
function draftOf(content: PriceContent, overrides: readonly CompiledPrice[]): PriceDraft {
  const first: PriceDraft = { id: priceId(content), ...content };
  const subject = overrideSubject(compileDraft(first));
  const sides = content.appliesTo === 'both' ? (['list', 'effective'] as const) : [content.appliesTo];
  let id = first.id;
  for (const side of sides) {
    const rivals = overrides.filter(({ row }) => row.appliesTo === 'both' || row.appliesTo === side);
    const standing = standingRows(rivals).find((price) => overrideSubject(price) === subject);
    if (standing === undefined || sameContent(standing, content)) {
      if (standing !== undefined) id = standing.row.id;
      continue;
    }
    if (overrides.some(({ row }) => row.id === first.id)) {
      return { id: priceId(content, standing.row.id), ...content };
    }
  }
  return { id, ...content };
}

function sameContent({ row }: CompiledPrice, content: PriceContent): boolean {
  const { id: _id, knownFrom: _knownFrom, ...own } = row;
  return priceId(own) === priceId(content);
}

/**
 * Stores override rows and settles, in the same breath, the calls that waited for them. All rows or none. A row about the
 * same model, tier, region, hours and start as an earlier one replaces it for every call; the earlier one stays stored.
 * Calls that had a cost already keep it until `POST /v1/prices/settle` is asked for them.
 *
 * @example
 * await putPrices(context, { prices: [{ provider: 'openai', model: 'gpt-x', rates: [{ bucket: 'input', amount: '2' }] }] });
 */
export async function putPrices(context: PricingContext, body: unknown): Promise<PricesPutAnswer> {
  const parsed = pricesPutSchema.safeParse(body);
  if (!parsed.success) throw invalidRequest(parsed.error);
  const faults = parsed.data.prices.flatMap((price, index) => faultsOfPrice(price, `/prices/${index}`));
  if (faults.length > 0) refuse(faults);

  const overrides = (await currentBook(context)).rows
    .filter(({ source }) => source === 'override')
    .map(compilePrice);
  const drafts = parsed.data.prices.map((price) => draftOf(readPriceInput(price), overrides));
  refuseRivals(drafts);

  // A correction within the same millisecond still comes later than what it corrects.
  const newest = Math.max(0, ...overrides.map(({ knownFrom }) => knownFrom + 1));
  const { store, books, clock } = context;
  const { stored, unchanged, version } = await store.putPrices(drafts, Math.max(clock.now(), newest));
  await books.bookFor(store.organizationId, version);
  const settled = stored.length > 0 ? await settleWaiting(context, drafts) : 0;
  return { stored: stored.length, unchanged: unchanged.length, ids: drafts.map(({ id }) => id), settled };
}

function refuseRivals(drafts: readonly PriceDraft[]): void {
  const seen = new Map<string, string>();
  drafts.forEach((draft, index) => {
    const subject = `${overrideSubject(compileDraft(draft))}${draft.appliesTo}`;
    const other = seen.get(subject);
    if (other !== undefined && other !== draft.id) {
      refuse([
        {
          pointer: `/prices/${index}`,
          detail: 'Another price of the request is about the same model, tier, region, hours and start.',
        },
      ]);
    }
    seen.set(subject, draft.id);
  });
}

async function settleWaiting(context: PricingContext, drafts: readonly PriceDraft[]): Promise<number> {
  const compiled = drafts.map(compileDraft);
  const from = Math.min(...compiled.map(({ validFrom }) => validFrom));
  const to = Math.max(...compiled.map(({ validTo }) => validTo));
  const { settled } = await settleCalls(context, {
    calls: 'pending',
    from: Number.isFinite(from) ? from : null,
    to: Number.isFinite(to) ? to : null,
    provider: null,
    model: null,
    dryRun: false,
  });
  return settled;
}
