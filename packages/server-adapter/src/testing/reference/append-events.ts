import type { LlmCallEvent } from '@tallykit/protocol';
import type {
  AppendBatch,
  AppendEvent,
  AppendOutcome,
  AppendResult,
  CostDraft,
  CostRevision,
} from '../../storage/contract/append.ts';
import { subtractDecimals } from '../../primitives/money.ts';
import {
  nextSequence,
  standingCost,
  type LoggedEntry,
  type OrganizationState,
} from './organization-state.ts';

function writeEntry(
  state: OrganizationState,
  entry: {
    readonly eventId: string;
    readonly sequence: number;
    readonly cost: CostDraft;
    readonly at: number;
  },
  kind: LoggedEntry['kind'] = entry.cost.kind,
): void {
  const entries = state.entries.get(entry.eventId) ?? [];
  entries.push({
    ...entry.cost,
    sequence: entry.sequence,
    kind,
    recordedAt: new Date(entry.at).toISOString(),
    recordedAtMs: entry.at,
  });
  state.entries.set(entry.eventId, entries);
}

function claimKey(call: LlmCallEvent): string {
  return JSON.stringify([call.provider, call.responseId]);
}

function noteCustomer(state: OrganizationState, customerId: string | undefined): void {
  if (customerId === undefined || state.customers.has(customerId)) return;
  state.customers.set(customerId, { customer: { id: customerId, name: customerId }, stub: true });
}

// A second sighting settles the first when it brings the usage that the first one lacked, or was refused without.
function supplyUsage(
  state: OrganizationState,
  firstId: string,
  second: AppendEvent & { sequence: number },
): void {
  const { event, cost } = second;
  if (event.kind !== 'llm_call' || event.usage === undefined || cost === null) return;
  // One that lacks usage itself brings nothing.
  if (cost.kind === 'pending' && cost.reason === 'usage_absent') return;
  const standing = standingCost(state.entries.get(firstId) ?? []);
  const lacksUsage = standing?.kind === 'pending' ? 'usage_absent' : 'not_billed';
  if (standing?.reason !== lacksUsage) return;
  state.supplied.set(firstId, { sequence: second.sequence, byEventId: event.id, usage: event.usage });
  writeEntry(state, { eventId: firstId, sequence: second.sequence, cost, at: second.receivedAt });
}

function appendOne(state: OrganizationState, item: AppendEvent): AppendOutcome {
  const { event, cost } = item;
  const known = state.events.get(event.id);
  if (known !== undefined) {
    return { outcome: known.hash === item.hash ? 'duplicate' : 'conflict', supersededBy: known.supersededBy };
  }
  const sequence = nextSequence(state, item.receivedAt);
  noteCustomer(state, event.customerId);
  let supersededBy: string | null = null;
  if (event.kind === 'llm_call' && event.responseId !== undefined && cost !== null) {
    supersededBy = state.claims.get(claimKey(event)) ?? null;
    if (supersededBy === null) state.claims.set(claimKey(event), event.id);
    else supplyUsage(state, supersededBy, { ...item, sequence });
  }
  const counted = cost !== null && supersededBy === null;
  state.events.set(event.id, { ...item, sequence, supersededBy, counted });
  if (counted) writeEntry(state, { eventId: event.id, sequence, cost, at: item.receivedAt });
  return { outcome: 'accepted', supersededBy };
}

/** Appends one event after the other. */
export function appendEvents(state: OrganizationState, batch: AppendBatch): AppendResult {
  if (batch.priceVersion !== state.priceVersion) {
    return { status: 'stale_prices', priceVersion: state.priceVersion };
  }
  const outcomes = batch.events.map((item) => appendOne(state, item));
  return { status: 'appended', outcomes, head: state.sequence };
}

function sameCost(a: CostDraft, b: CostDraft): boolean {
  const essence = ({ lines: _lines, ...rest }: CostDraft) =>
    JSON.stringify(Object.entries(rest).sort(([left], [right]) => (left < right ? -1 : 1)));
  return essence(a) === essence(b);
}

const negated = (amount: string | null): string | null =>
  amount === null ? null : subtractDecimals('0', amount);

/** Appends the entries of each revision whose expected cost still stands. */
export function reviseEntries(
  state: OrganizationState,
  revisions: readonly CostRevision[],
  at: number,
): number {
  let applied = 0;
  for (const { eventId, expected, next } of revisions) {
    const standing = standingCost(state.entries.get(eventId) ?? []);
    if (standing === null || !sameCost(standing, expected) || sameCost(standing, next)) continue;
    if (standing.kind === 'priced') {
      const reversal: CostDraft = {
        ...standing,
        reason: 'repriced',
        list: negated(standing.list),
        effective: negated(standing.effective),
        charge: negated(standing.charge),
        lines: [],
      };
      writeEntry(state, { eventId, sequence: nextSequence(state, at), cost: reversal, at }, 'reversed');
    }
    writeEntry(state, { eventId, sequence: nextSequence(state, at), cost: next, at });
    applied += 1;
  }
  return applied;
}
