import { usageBuckets, type FilterOperator } from '@tallykit/protocol';
import type { CallField } from '../../storage/contract/read-plan.ts';
import type { CallDataset } from '../call-dataset.ts';
import { eventWindowDays } from '../fact-dataset.ts';
import { costFieldLabels, eventFieldLabels } from './event-fields.ts';

const open = { permission: 'analytics.view', freshness: 'live', sensitivity: 'everyone' } as const;
const operators: readonly FilterOperator[] = ['eq', 'ne', 'in', 'isNull', 'notNull'];

type Dimension = CallDataset['dimensions'][number];

function text(id: string, label: string, reads: CallField, more: Partial<Dimension> = {}): Dimension {
  return { id, label, type: 'text', reads, ...open, ...more };
}

const { provider, requestModel, responseModel, errorClass, serviceTier, region } = eventFieldLabels;
const { responseId, providerIds, statedCost } = eventFieldLabels;

const dimensions: readonly Dimension[] = [
  { id: 'time', label: 'Start', type: 'time', reads: 'time', ...open },
  text('id', 'Id', 'id'),
  text('call_id', 'Call', 'call'),
  text('attempt', 'Attempt', 'attempt', { type: 'count' }),
  text('final', 'Last attempt', 'final'),
  text('trace', 'Trace', 'trace'),
  text('customer', 'Customer', 'customer', { namesOf: 'customer' }),
  text('user', 'User', 'user'),
  text('product', 'Product', 'product'),
  text('flow', 'Flow', 'flow', { namesOf: 'flow' }),
  text('configuration', 'Configuration', 'configuration'),
  text('conversation', 'Conversation', 'conversation'),
  text('message', 'Message', 'message'),
  text('channel', 'Channel', 'channel'),
  text('environment', 'Environment', 'environment'),
  text('provider', 'Provider', 'provider', { sensitivity: provider }),
  text('model', 'Model', 'model', { sensitivity: requestModel }),
  text('response_model', 'Model of the response', 'response_model', { sensitivity: responseModel }),
  text('operation', 'Operation', 'operation'),
  text('status', 'Status', 'status'),
  text('complete', 'Complete', 'complete'),
  text('error_class', 'Error class', 'error_class', { sensitivity: errorClass }),
  text('http_status', 'HTTP status', 'http_status', { type: 'count' }),
  text('service_tier', 'Service tier', 'service_tier', { sensitivity: serviceTier }),
  text('batch', 'Batch', 'batch'),
  text('region', 'Region', 'region', { sensitivity: region }),
  text('estimate_method', 'Method of the estimate', 'estimate_method'),
  text('cost_state', 'State of the cost', 'cost_state'),
  text('pending_reason', 'Why it is pending', 'pending_reason'),
  text('superseded', 'Second sighting', 'superseded'),
  text('response_id', 'Response', 'response', { sensitivity: responseId }),
  text('provider_project', 'Project at the provider', 'provider_project', { sensitivity: providerIds }),
  text('provider_key', 'Key at the provider', 'provider_key', { sensitivity: providerIds }),
  text('provider_request', 'Request at the provider', 'provider_request', { sensitivity: providerIds }),
];

type Measure = CallDataset['measures'][number];

function figure(
  id: string,
  label: string,
  more: Pick<Measure, 'type' | 'description'> & Partial<Measure>,
): Measure {
  return { id, label, source: null, ...open, ...more };
}

/** A bucket of usage under the name of its column. */
export function bucketColumn(bucket: string): string {
  return bucket.replaceAll(/[A-Z]|(?<=[a-z])\d/g, (letter) => `_${letter.toLowerCase()}`);
}

const measures: readonly Measure[] = [
  figure('duration', 'Duration', { type: 'duration', description: 'Milliseconds from start to end.' }),
  figure('first_chunk', 'First chunk', {
    type: 'duration',
    description: 'Milliseconds from start to the first chunk of a stream.',
  }),
  figure('total_tokens', 'Total tokens', { type: 'tokens', description: 'Prompt plus completion tokens.' }),
  figure('prompt_tokens', 'Prompt tokens', { type: 'tokens', description: 'All input and cache buckets.' }),
  figure('completion_tokens', 'Completion tokens', {
    type: 'tokens',
    description: 'Output, reasoning and output modalities.',
  }),
  ...usageBuckets.map((bucket) =>
    figure(bucketColumn(bucket), `Bucket ${bucket}`, {
      type: 'count',
      description: `What the call reported in the bucket ${bucket}.`,
    }),
  ),
  figure('estimated_tokens', 'Estimated tokens', {
    type: 'tokens',
    description: 'What an unfinished call may have used; never part of the counted tokens.',
  }),
  figure('cost', 'Cost', {
    type: 'currency',
    description:
      'The amount that is meant for the reader: the effective one for operators, the charge for customers.',
  }),
  figure('charge', 'Charge', {
    type: 'currency',
    description: 'What the customer is told that the call costs.',
  }),
  figure('list_cost', 'List cost', {
    type: 'currency',
    description: 'The amount by the catalogue.',
    sensitivity: costFieldLabels.list,
  }),
  figure('effective_cost', 'Effective cost', {
    type: 'currency',
    description: "The amount by the organization's own contract.",
    sensitivity: costFieldLabels.effective,
  }),
  figure('currency', 'Currency', { type: 'text', description: 'Currency of the amounts.' }),
  figure('stated_cost', 'Stated cost', {
    type: 'currency',
    description: 'What the provider itself said that the call costs; never summed.',
    sensitivity: statedCost,
  }),
  figure('stated_currency', 'Currency of the stated cost', {
    type: 'text',
    description: 'Currency of the stated cost.',
    sensitivity: statedCost,
  }),
];

/** Single LLM calls, one row an attempt. */
export const calls: CallDataset = {
  id: 'calls',
  shape: 'calls',
  label: 'Calls',
  description:
    'Single LLM calls, newest first. Each attempt is a row, so that one which cost money without being the last is seen.',
  permission: 'analytics.view',
  cadence: 'live',
  defaultWindowDays: eventWindowDays,
  dimensions,
  measures,
  filters: dimensions.flatMap(({ id }) => {
    if (id === 'time') return [];
    const filter = { field: id, dimension: id, operators };
    return id === 'flow' ? [filter, { ...filter, field: 'flow_id' }] : [filter];
  }),
};
