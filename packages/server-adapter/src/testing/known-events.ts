import type { AppendEvent } from '../storage/contract/append.ts';
import type { OrganizationRecord } from '../storage/contract/storage.ts';
import { derivedUuidV7 } from '../primitives/uuid-v7.ts';
import { buildCall, buildItem, pendingFor, pricedAt } from './build-events.ts';

/** The organization of the known events. */
export const knownOrganization: OrganizationRecord = {
  id: 'known',
  name: 'Known',
  timeZone: 'Europe/Berlin',
};

/** Events in each batch of the known course. */
export const knownBatchSize = 25;

/** Days that the known events lie in. */
export const knownRange = { from: Date.UTC(2026, 9, 31, 23), to: Date.UTC(2026, 10, 30, 23) };

const start = Date.UTC(2026, 10, 2);

function knownEvent(number: number): AppendEvent {
  const at = start + number * 61_000;
  const id = derivedUuidV7({ ms: at, organizationId: 'known', source: 'test', sourceId: String(number) });
  const call = buildCall({
    id,
    customerId: `c${number % 7}`,
    flow: `f${number % 3}`,
    conversationId: `talk ${number % 50}`,
    responseId: `response ${number}`,
  });
  return buildItem(call, { cost: number % 10 === 0 ? pendingFor('no_price') : pricedAt('0.000207') });
}

/** One batch of a course of events that is the same each time and in each process. */
export function knownBatches(number: number): AppendEvent[] {
  return Array.from({ length: knownBatchSize }, (_, index) => knownEvent(number * knownBatchSize + index));
}
