import { completionTokens, promptTokens, totalTokens, usageBuckets } from '@tallykit/protocol';
import type { VisibleCall, VisibleRecord } from './mask-event.ts';
import { timeOfUuidV7 } from '../primitives/uuid-v7.ts';
import type { Cell } from '../storage/contract/scoped-reader.ts';
import { bucketColumn } from './definitions/calls.ts';
import type { Asker } from './run-query.ts';

/** A call as a list shows it. */
export type CallRecord = VisibleRecord & { readonly event: VisibleCall };

type CellOf = (record: CallRecord, asker: Pick<Asker, 'visibility'>) => Cell | boolean | undefined;

/** State of a call's cost: what counts nowhere has none. */
export function costStateOf({
  supersededBy,
  standing,
}: Pick<VisibleRecord, 'supersededBy' | 'standing'>): 'pending' | 'priced' | 'not_counted' {
  return supersededBy !== null || standing === null ? 'not_counted' : standing.kind;
}

function priced(record: CallRecord, amount: 'charge' | 'list' | 'effective'): Cell | undefined {
  return costStateOf(record) === 'priced' ? record.standing?.[amount] : null;
}

const usageOf = ({ usage }: CallRecord) => usage ?? undefined;

const cells: Readonly<Record<string, CellOf>> = {
  time: ({ event }) => timeOfUuidV7(event.id),
  id: ({ event }) => event.id,
  call_id: ({ event }) => event.callId,
  attempt: ({ event }) => event.attempt,
  final: ({ event }) => event.final,
  trace: ({ event }) => event.traceId,
  customer: ({ event }) => event.customerId,
  user: ({ event }) => event.userId,
  product: ({ event }) => event.productId,
  flow: ({ event }) => event.flow,
  configuration: ({ event }) => event.configuration,
  conversation: ({ event }) => event.conversationId,
  message: ({ event }) => event.messageId,
  channel: ({ event }) => event.channel,
  environment: ({ event }) => event.environment,
  provider: ({ event }) => event.provider,
  model: ({ event }) => event.requestModel,
  response_model: ({ event }) => event.responseModel,
  operation: ({ event }) => event.operation,
  status: ({ event }) => event.status,
  complete: ({ event }) => event.complete,
  error_class: ({ event }) => event.errorClass,
  http_status: ({ event }) => event.httpStatus,
  service_tier: ({ event }) => event.serviceTier,
  batch: ({ event }) => event.batch,
  region: ({ event }) => event.region,
  estimate_method: ({ event }) => event.estimate?.method,
  cost_state: costStateOf,
  pending_reason: (record) => (costStateOf(record) === 'pending' ? record.standing?.reason : null),
  superseded: ({ supersededBy }) => supersededBy !== null,
  response_id: ({ event }) => event.responseId,
  provider_project: ({ event }) => event.providerIds?.projectId,
  provider_key: ({ event }) => event.providerIds?.keyId,
  provider_request: ({ event }) => event.providerIds?.requestId,
  duration: ({ event }) => event.durationMs,
  first_chunk: ({ event }) => event.firstChunkMs,
  total_tokens: (record) => totalTokens(usageOf(record)),
  prompt_tokens: (record) => promptTokens(usageOf(record)),
  completion_tokens: (record) => completionTokens(usageOf(record)),
  ...Object.fromEntries(
    usageBuckets.map((bucket): [string, CellOf] => [bucketColumn(bucket), ({ usage }) => usage?.[bucket]]),
  ),
  estimated_tokens: ({ event }) => totalTokens(event.estimate?.usage),
  cost: (record, { visibility }) => priced(record, visibility === 'operator' ? 'effective' : 'charge'),
  charge: (record) => priced(record, 'charge'),
  list_cost: (record) => priced(record, 'list'),
  effective_cost: (record) => priced(record, 'effective'),
  currency: (record) => (costStateOf(record) === 'priced' ? record.standing?.currency : null),
  stated_cost: ({ event }) => event.statedCost?.amount,
  stated_currency: ({ event }) => event.statedCost?.currency,
};

/** What a list shows of a call in one column. Flags are texts; what was not reported is null. */
export function callCell(record: CallRecord, column: string, asker: Pick<Asker, 'visibility'>): Cell {
  const value = cells[column]?.(record, asker) ?? null;
  return typeof value === 'boolean' ? String(value) : value;
}
