import { completionTokens, promptTokens, type TokenUsage, type UsageEvent } from '@tallykit/protocol';
import { fromStorableJson, toStorableJson } from './storable-json.ts';

/** Fields of an event that stand in columns of their own; all others are in `rest`. */
const columnOfField = {
  customerId: 'customer_id',
  userId: 'user_id',
  productId: 'product_id',
  flow: 'flow',
  configuration: 'configuration',
  conversationId: 'conversation_id',
  messageId: 'message_id',
  environment: 'environment',
} as const;

const fields = Object.keys(columnOfField) as (keyof typeof columnOfField)[];

/** An event as its columns hold it. */
export interface EventColumns {
  readonly id: string;
  readonly trace_id: string;
  readonly kind: string;
  readonly customer_id: string | null;
  readonly user_id: string | null;
  readonly product_id: string | null;
  readonly flow: string | null;
  readonly configuration: string | null;
  readonly conversation_id: string | null;
  readonly message_id: string | null;
  readonly environment: string | null;
  readonly provider: string | null;
  readonly model: string | null;
  readonly status: string | null;
  readonly final: boolean;
}

/** Columns of an event, what is left of it as JSON, and what is derived from it. */
export interface EventRow extends EventColumns {
  readonly rest: string;
  readonly usage: TokenUsage | undefined;
  readonly response_id: string | null;
  readonly prompt_tokens: number | null;
  readonly completion_tokens: number | null;
}

/** Takes an event apart. */
export function rowOfEvent(event: UsageEvent): EventRow {
  const {
    id,
    kind,
    traceId,
    customerId = null,
    userId = null,
    productId = null,
    flow = null,
    configuration = null,
    conversationId = null,
    messageId = null,
    environment = null,
    ...others
  } = event;
  const common = {
    id,
    kind,
    trace_id: traceId,
    customer_id: customerId,
    user_id: userId,
    product_id: productId,
    flow,
    configuration,
    conversation_id: conversationId,
    message_id: messageId,
    environment,
  };
  if (event.kind !== 'llm_call') {
    return {
      ...common,
      provider: null,
      model: null,
      status: null,
      final: false,
      rest: toStorableJson(others),
      usage: undefined,
      response_id: null,
      prompt_tokens: null,
      completion_tokens: null,
    };
  }
  const { provider, requestModel, status, final, ...rest } = others as Partial<typeof event>;
  return {
    ...common,
    provider: provider ?? null,
    model: requestModel ?? null,
    status: status ?? null,
    final: final ?? false,
    rest: toStorableJson(rest),
    usage: event.usage,
    response_id: event.responseId ?? null,
    prompt_tokens: promptTokens(event.usage),
    completion_tokens: completionTokens(event.usage),
  };
}

/** Columns that {@link eventOfRow} needs, for a select list over the alias `e`. */
export const eventColumnList =
  'e.id, e.trace_id, e.kind, e.customer_id, e.user_id, e.product_id, e.flow, e.configuration, e.conversation_id, ' +
  'e.message_id, e.environment, e.provider, e.model, e.status, e.final, e.rest::text as rest';

/** Puts an event together again. */
export function eventOfRow(row: EventColumns & { readonly rest: string }): UsageEvent {
  const event: Record<string, unknown> = {
    ...(fromStorableJson(row.rest) as Record<string, unknown>),
    id: row.id,
    kind: row.kind,
    traceId: row.trace_id.replaceAll('-', ''),
  };
  for (const field of fields) {
    const value = row[columnOfField[field]];
    if (value !== null) event[field] = value;
  }
  if (row.kind === 'llm_call') {
    event['provider'] = row.provider;
    event['requestModel'] = row.model;
    event['status'] = row.status;
    event['final'] = row.final;
  }
  // It was checked against the schema of its kind before it was stored.
  return event as unknown as UsageEvent;
}
