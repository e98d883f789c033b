import type { ChargeRule } from '../pricing/charge-rule.ts';
import type { PriceBooks } from '../pricing/price-books.ts';
import type { AppendOutcome } from '../storage/contract/append.ts';
import type { Storage } from '../storage/contract/storage.ts';
import type { PreparedEvent } from './prepare-event.ts';
import { priceEvent } from './price-event.ts';

/** What writing events needs. */
export interface AppendContext {
  readonly storage: Pick<Storage, 'forOrganization'>;
  readonly books: PriceBooks;
  readonly chargeRule: ChargeRule;
}

/** Writes events of one organization; one outcome an event, in their order. */
export type AppendPrepared = (
  organizationId: string,
  events: readonly PreparedEvent[],
) => Promise<readonly AppendOutcome[]>;

// Each attempt takes the prices that made the one before stale; more changes than this a moment would be a fault elsewhere.
const attempts = 20;

function responseClaim({ event }: PreparedEvent): string | null {
  if (event.kind !== 'llm_call' || event.responseId === undefined) return null;
  return `${event.provider}\n${event.responseId}`;
}

/** Places of events that may be written together: no id and no response twice. The others wait for a later round. */
function firstSightings(events: readonly PreparedEvent[], places: readonly number[]): number[] {
  const seen = new Set<string>();
  return places.filter((place) => {
    const event = events[place];
    if (event === undefined) return false;
    const claim = responseClaim(event);
    const keys = claim === null ? [event.event.id] : [event.event.id, claim];
    if (keys.some((key) => seen.has(key))) return false;
    for (const key of keys) seen.add(key);
    return true;
  });
}

/**
 * Makes the function that prices events and writes them in one transaction a round. What a batch holds twice is told apart
 * here, so that a store sees every id and every response of a batch once. When a price changed meanwhile, everything is
 * priced again, so that nothing is written with an old price.
 *
 * @example
 * const append = appendPrepared({ storage, books, chargeRule });
 */
export function appendPrepared({ storage, books, chargeRule }: AppendContext): AppendPrepared {
  async function write(
    organizationId: string,
    events: readonly PreparedEvent[],
  ): Promise<readonly AppendOutcome[]> {
    const store = storage.forOrganization({ organizationId, subject: 'job:ingestion' });
    let book = await books.bookFor(organizationId);
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      const priced = book;
      const result = await store.append({
        events: events.map((event) => priceEvent(event, priced, chargeRule)),
        priceVersion: priced.version,
      });
      if (result.status === 'appended') return result.outcomes;
      book = await books.bookFor(organizationId, result.priceVersion);
    }
    throw new Error(
      `Prices of organization ${organizationId} changed ${attempts} times while its events were being written, so none were. Send them again.`,
    );
  }

  return async (organizationId, events) => {
    const outcomes: AppendOutcome[] = [];
    let waiting: readonly number[] = events.map((_, place) => place);
    while (waiting.length > 0) {
      const round = firstSightings(events, waiting);
      const written = await write(
        organizationId,
        round.flatMap((place) => events[place] ?? []),
      );
      const leaders = new Map<string, { readonly hash: string; readonly outcome: AppendOutcome }>();
      round.forEach((place, index) => {
        const [event, outcome] = [events[place], written[index]];
        if (event === undefined || outcome === undefined) return;
        outcomes[place] = outcome;
        leaders.set(event.event.id, { hash: event.hash, outcome });
      });
      const done = new Set(round);
      waiting = waiting.filter((place) => {
        const event = events[place];
        if (event === undefined || done.has(place)) return false;
        const leader = leaders.get(event.event.id);
        if (leader === undefined) return true;
        const same = leader.hash === event.hash;
        // What is stored under the id is another event than the leader; whether this one equals it, only the store knows.
        if (leader.outcome.outcome === 'conflict' && !same) return true;
        const told = leader.outcome.outcome === 'conflict' || !same ? 'conflict' : 'duplicate';
        outcomes[place] = { outcome: told, supersededBy: leader.outcome.supersededBy };
        return false;
      });
    }
    return outcomes;
  };
}
