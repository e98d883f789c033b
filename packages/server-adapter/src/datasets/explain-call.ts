import {
  totalTokens,
  uuidV7Schema,
  type CallAnswer,
  type CostEntry,
  type Money,
  type Principal,
} from '@tallykit/protocol';
import { timeOfUuidV7 } from '../primitives/uuid-v7.ts';
import { costStateOf, type CallRecord } from './call-cells.ts';
import { notFound } from './dataset-problems.ts';
import { freshnessOf, instant } from './freshness.ts';
import type { VisibleEntry, VisibleRecord } from './mask-event.ts';
import type { Asker, Door } from './run-query.ts';

/**
 * Explains a figure down to its ground: the call, its cost entries, and for operators the price rows that they name.
 * An unknown id and somebody else's call give the same 404.
 */
export async function explainCall(door: Door, principal: Principal, id: string): Promise<CallAnswer> {
  const asker = await door.enter(principal);
  if (!uuidV7Schema.safeParse(id).success) throw notFound('call');
  const reading = await asker.call(id);
  const { record } = reading;
  if (record === null || !isCall(record)) throw notFound('call');
  const customerId = record.event.customerId ?? null;
  const [prices, customerNames, superseding] = await Promise.all([
    asker.prices(priceIdsOf(record.entries)),
    asker.names('customer', customerId === null ? [] : [customerId]),
    record.supersededBy === null ? null : asker.call(record.supersededBy),
  ]);
  const pending = costStateOf(record) === 'pending';
  return {
    call: {
      ...figuresOf(record, asker),
      customerName: customerId === null ? null : (customerNames.get(customerId) ?? null),
      // The call that counts instead may be somebody else's.
      supersededBy: superseding?.record ? record.supersededBy : null,
    },
    cost: costOf(record, asker),
    entries: record.entries.map(entryOf),
    ...(asker.sees('operator')
      ? { prices: prices.map(({ rule: _rule, empty: _empty, ...row }) => row) }
      : {}),
    scope: asker.scope,
    freshness: freshnessOf({
      asker,
      cadence: 'live',
      readings: [reading],
      pending: { calls: pending ? 1 : 0, tokens: pending ? totalTokens(record.usage ?? undefined) : null },
    }),
  };
}

function isCall(record: VisibleRecord): record is CallRecord {
  return record.event.kind === 'llm_call';
}

function priceIdsOf(entries: readonly VisibleEntry[]): readonly string[] {
  const ids = entries.flatMap((entry) => [entry.listPriceId, entry.effectivePriceId]);
  return [...new Set(ids.filter((id) => typeof id === 'string'))];
}

function figuresOf(
  { event, receivedAt, usage }: CallRecord,
  { sees }: Asker,
): Omit<CallAnswer['call'], 'customerName' | 'supersededBy'> {
  const { projectId = null, keyId = null, requestId = null } = event.providerIds ?? {};
  return {
    id: event.id,
    callId: event.callId,
    traceId: event.traceId,
    startedAt: instant(timeOfUuidV7(event.id)),
    receivedAt: instant(receivedAt),
    attempt: event.attempt,
    final: event.final,
    customerId: event.customerId ?? null,
    userId: event.userId ?? null,
    productId: event.productId ?? null,
    flow: event.flow ?? null,
    configuration: event.configuration ?? null,
    conversationId: event.conversationId ?? null,
    environment: event.environment ?? null,
    provider: event.provider ?? null,
    requestModel: event.requestModel ?? null,
    responseModel: event.responseModel ?? null,
    operation: event.operation,
    status: event.status,
    complete: event.complete,
    errorClass: event.errorClass ?? null,
    httpStatus: event.httpStatus ?? null,
    durationMs: event.durationMs,
    timeToFirstChunkMs: event.firstChunkMs ?? null,
    usage,
    serviceTier: event.serviceTier ?? null,
    batch: event.batch ?? null,
    region: event.region ?? null,
    tags: event.tags ?? {},
    ...(sees('operator')
      ? {
          rawUsage: event.rawUsage ?? null,
          responseId: event.responseId ?? null,
          statedCost: event.statedCost ?? null,
          providerIds: { projectId, keyId, requestId },
        }
      : {}),
  };
}

function costOf(record: CallRecord, { sees }: Asker): CallAnswer['cost'] {
  const { standing } = record;
  const currency = standing?.currency ?? null;
  const state = costStateOf(record);
  const money = (amount: string | null | undefined): Money | null =>
    state === 'priced' && currency !== null && typeof amount === 'string' ? { amount, currency } : null;
  return {
    state,
    reason: standing?.reason ?? null,
    charge: money(standing?.charge),
    ...(sees('operator') ? { list: money(standing?.list), effective: money(standing?.effective) } : {}),
  };
}

// Named one by one: what a store might carry besides is not for the wire.
function entryOf(entry: VisibleEntry): CostEntry {
  const { sequence, kind, recordedAt, reason, currency, charge } = entry;
  const { list, effective, listPriceId, effectivePriceId, lines } = entry;
  return {
    sequence,
    kind,
    recordedAt,
    reason,
    currency,
    charge,
    ...(list === undefined ? {} : { list }),
    ...(effective === undefined ? {} : { effective }),
    ...(listPriceId === undefined ? {} : { listPriceId }),
    ...(effectivePriceId === undefined ? {} : { effectivePriceId }),
    ...(lines === undefined ? {} : { lines }),
  };
}
