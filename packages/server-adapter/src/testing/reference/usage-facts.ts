import { totalTokens, promptTokens, completionTokens } from '@tallykit/protocol';
import type { UsageDimension } from '../../storage/contract/read-plan.ts';
import {
  standingCost,
  type LoggedEntry,
  type LoggedEvent,
  type OrganizationState,
} from './organization-state.ts';

/** What one call adds to the sums under one set of keys. */
export interface UsageFact {
  readonly occurredAt: number;
  readonly keys: Readonly<Record<UsageDimension, string | null>>;
  readonly calls: number;
  readonly errors: number;
  readonly abortedCalls: number;
  readonly unattributedCalls: number;
  readonly promptTokens: number | null;
  readonly completionTokens: number | null;
  readonly totalTokens: number | null;
  readonly pendingCalls: number;
  readonly pendingTokens: number | null;
  readonly message: string | null;
  readonly conversation: string | null;
  readonly list: string | null;
  readonly effective: string | null;
  readonly charge: string | null;
}

const nothing = {
  calls: 0,
  errors: 0,
  abortedCalls: 0,
  unattributedCalls: 0,
  promptTokens: null,
  completionTokens: null,
  totalTokens: null,
  pendingCalls: 0,
  pendingTokens: null,
  message: null,
  conversation: null,
  list: null,
  effective: null,
  charge: null,
} as const;

function keysOf(logged: LoggedEvent, entry: LoggedEntry): UsageFact['keys'] {
  const { event } = logged;
  const call = event.kind === 'llm_call' ? event : null;
  return {
    customer: event.customerId ?? null,
    provider: call?.provider ?? null,
    model: call?.requestModel ?? null,
    flow: event.flow ?? null,
    product: event.productId ?? null,
    configuration: event.configuration ?? null,
    environment: event.environment ?? null,
    status: call?.status ?? null,
    user: event.userId ?? null,
    price: entry.effectivePriceId ?? entry.listPriceId ?? null,
    currency: entry.currency,
  };
}

// Counts stand under the keys of the first entry, each amount under those of its own.
function factsOfCall(state: OrganizationState, logged: LoggedEvent, sequence: number): UsageFact[] {
  const { event, occurredAt } = logged;
  const entries = (state.entries.get(event.id) ?? []).filter((entry) => entry.sequence <= sequence);
  const first = entries[0];
  if (event.kind !== 'llm_call' || first === undefined) return [];
  const supplied = state.supplied.get(event.id);
  const usage = supplied !== undefined && supplied.sequence <= sequence ? supplied.usage : event.usage;
  const total = totalTokens(usage);
  const isPending = standingCost(entries)?.kind === 'pending';
  const one = event.final ? 1 : 0;
  const lonely = event.final ? `call ${event.id}` : null;
  const counted: UsageFact = {
    ...nothing,
    occurredAt,
    keys: keysOf(logged, first),
    calls: one,
    errors: event.status === 'error' ? one : 0,
    abortedCalls: event.status === 'aborted' ? one : 0,
    unattributedCalls: event.customerId === undefined ? one : 0,
    promptTokens: promptTokens(usage),
    completionTokens: completionTokens(usage),
    totalTokens: total,
    pendingCalls: isPending ? 1 : 0,
    pendingTokens: isPending ? total : null,
    message: total === null ? null : event.messageId === undefined ? lonely : `message ${event.messageId}`,
    conversation: total === null ? null : (event.conversationId ?? null),
  };
  const amounts = entries
    .filter((entry) => entry.kind !== 'pending')
    .map((entry): UsageFact => ({
      ...nothing,
      occurredAt,
      keys: keysOf(logged, entry),
      list: entry.list,
      effective: entry.effective,
      charge: entry.charge,
    }));
  return [counted, ...amounts];
}

/** Every fact of the log up to `sequence`. */
export function usageFacts(state: OrganizationState, sequence: number): UsageFact[] {
  return [...state.events.values()]
    .filter((logged) => logged.counted && logged.sequence <= sequence)
    .flatMap((logged) => factsOfCall(state, logged, sequence));
}
