import type { FilterOperator } from '@tallykit/protocol';
import type { DatasetDefinition, DimensionDefinition, MeasureDefinition } from '../dataset-definition.ts';

const open = { permission: 'analytics.view', freshness: 'live' } as const;
const everyone = { ...open, sensitivity: 'everyone' } as const;
const operator = { ...open, sensitivity: 'operator' } as const;
const providerName = { ...open, sensitivity: 'provider_name' } as const;

const dimensions = [
  {
    id: 'time',
    label: 'Time',
    type: 'time',
    reads: 'time',
    grains: ['hour', 'day', 'week', 'month'],
    ...everyone,
  },
  { id: 'flow', label: 'Flow', type: 'text', reads: 'flow', namesOf: 'flow', ...everyone },
  { id: 'customer', label: 'Customer', type: 'text', reads: 'customer', namesOf: 'customer', ...everyone },
  { id: 'product', label: 'Product', type: 'text', reads: 'product', ...everyone },
  { id: 'model', label: 'Model', type: 'text', reads: 'model', ...providerName },
  { id: 'provider', label: 'Provider', type: 'text', reads: 'provider', ...providerName },
  { id: 'configuration', label: 'Configuration', type: 'text', reads: 'configuration', ...everyone },
  { id: 'environment', label: 'Environment', type: 'text', reads: 'environment', ...everyone },
  { id: 'currency', label: 'Currency', type: 'text', reads: 'currency', ...everyone },
] as const satisfies readonly DimensionDefinition[];

const measures = [
  {
    id: 'total_tokens',
    label: 'Total tokens',
    type: 'tokens',
    description: 'Prompt plus completion tokens. Empty when none of the calls reported any.',
    source: { kind: 'count', of: 'total_tokens' },
    ...everyone,
  },
  {
    id: 'prompt_tokens',
    label: 'Prompt tokens',
    type: 'tokens',
    description: 'Tokens that the model read: all input and cache buckets.',
    source: { kind: 'count', of: 'prompt_tokens' },
    ...everyone,
  },
  {
    id: 'completion_tokens',
    label: 'Completion tokens',
    type: 'tokens',
    description: 'Tokens that the model wrote: output, reasoning and output modalities.',
    source: { kind: 'count', of: 'completion_tokens' },
    ...everyone,
  },
  {
    id: 'cost',
    label: 'Cost',
    type: 'currency',
    description:
      'What the calls cost the one who asks. Calls without a known price are not in it; they are counted as pending.',
    source: { kind: 'own_amount', operator: 'effective', customer: 'charge' },
    ...everyone,
  },
  {
    id: 'charge',
    label: 'Charge',
    type: 'currency',
    description: 'What the customer is told that the calls cost.',
    source: { kind: 'amount', basis: 'charge' },
    ...everyone,
  },
  {
    id: 'list_cost',
    label: 'List cost',
    type: 'currency',
    description: 'What the calls cost by the catalogue.',
    source: { kind: 'amount', basis: 'list' },
    ...operator,
  },
  {
    id: 'effective_cost',
    label: 'Effective cost',
    type: 'currency',
    description: "What the calls cost by the organization's own contract.",
    source: { kind: 'amount', basis: 'effective' },
    ...operator,
  },
  {
    id: 'average_tokens_per_message',
    label: 'Average tokens a message',
    type: 'decimal',
    description:
      'Total tokens over distinct messages. A call without a message id is a message of its own; only messages with a token total count.',
    source: { kind: 'average', of: 'message_tokens', per: 'messages' },
    ...everyone,
  },
  {
    id: 'average_tokens_per_conversation',
    label: 'Average tokens a conversation',
    type: 'decimal',
    description:
      'Tokens of calls that name a conversation over distinct conversations. One that lasts over midnight counts once in its week.',
    source: { kind: 'average', of: 'conversation_tokens', per: 'conversations' },
    ...everyone,
  },
  {
    id: 'calls',
    label: 'Calls',
    type: 'count',
    description: 'LLM calls; the attempts inside a call count once.',
    source: { kind: 'count', of: 'calls' },
    ...everyone,
  },
  {
    id: 'errors',
    label: 'Failed calls',
    type: 'count',
    description: 'Calls that ended in an error.',
    source: { kind: 'count', of: 'errors' },
    ...everyone,
  },
  {
    id: 'messages',
    label: 'Messages',
    type: 'count',
    description: 'Distinct messages with a token total.',
    source: { kind: 'count', of: 'messages' },
    ...everyone,
  },
  {
    id: 'conversations',
    label: 'Conversations',
    type: 'count',
    description: 'Distinct conversations with a token total.',
    source: { kind: 'count', of: 'conversations' },
    ...everyone,
  },
  {
    id: 'pending_calls',
    label: 'Pending calls',
    type: 'count',
    description: 'Calls whose cost is not known yet, so that no amount holds them.',
    source: { kind: 'count', of: 'pending_calls' },
    ...everyone,
  },
  {
    id: 'unattributed_calls',
    label: 'Unattributed calls',
    type: 'count',
    description: 'Calls that name no customer.',
    source: { kind: 'count', of: 'unattributed_calls' },
    ...operator,
  },
] as const satisfies readonly MeasureDefinition[];

const always: readonly FilterOperator[] = ['eq', 'ne', 'in', 'contains'];
const operators: readonly FilterOperator[] = [...always, 'isNull', 'notNull'];

/**
 * Tokens and cost of LLM calls. One row of the fact is one call; sums come from rollups, so asking costs the same
 * however many calls there were.
 */
export const tokenUsage = {
  id: 'token_usage',
  shape: 'usage',
  label: 'Token usage',
  description:
    'Tokens and cost of LLM calls by time, flow, customer, product, model, provider, configuration, environment and currency.',
  permission: 'analytics.view',
  cadence: 'live',
  defaultWindowDays: 90,
  dimensions,
  measures,
  filters: [
    { field: 'flow', dimension: 'flow', operators },
    // The name under which report builders know the filter on a flow.
    { field: 'flow_id', dimension: 'flow', operators },
    { field: 'customer', dimension: 'customer', operators },
    { field: 'product', dimension: 'product', operators },
    { field: 'model', dimension: 'model', operators: always },
    { field: 'provider', dimension: 'provider', operators: always },
    { field: 'configuration', dimension: 'configuration', operators },
    { field: 'environment', dimension: 'environment', operators },
    { field: 'currency', dimension: 'currency', operators: ['eq', 'in'] },
  ],
} as const satisfies DatasetDefinition;
