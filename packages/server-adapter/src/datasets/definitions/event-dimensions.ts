import type { FilterOperator } from '@tallykit/protocol';
import type { EventField } from '../../storage/contract/event-fields.ts';
import type { DimensionDefinition, FilterDefinition } from '../dataset-definition.ts';

/** What every open field of a dataset of events declares. */
export const open = { permission: 'analytics.view', freshness: 'live', sensitivity: 'everyone' } as const;

type EventDimension = DimensionDefinition<EventField | 'time'>;

/** Dimensions that events of every kind have. */
export const eventDimensions = {
  time: {
    id: 'time',
    label: 'Time',
    type: 'time',
    reads: 'time',
    grains: ['hour', 'day', 'week', 'month'],
    ...open,
  },
  flow: { id: 'flow', label: 'Flow', type: 'text', reads: 'flow', namesOf: 'flow', ...open },
  customer: {
    id: 'customer',
    label: 'Customer',
    type: 'text',
    reads: 'customer',
    namesOf: 'customer',
    ...open,
  },
  product: { id: 'product', label: 'Product', type: 'text', reads: 'product', ...open },
  configuration: {
    id: 'configuration',
    label: 'Configuration',
    type: 'text',
    reads: 'configuration',
    ...open,
  },
  channel: { id: 'channel', label: 'Channel', type: 'text', reads: 'channel', ...open },
  environment: { id: 'environment', label: 'Environment', type: 'text', reads: 'environment', ...open },
} as const satisfies Readonly<Record<string, EventDimension>>;

const operators: readonly FilterOperator[] = ['eq', 'ne', 'in', 'isNull', 'notNull'];

/** A filter on each dimension but time, and on a flow under the name that report builders know. */
export function filtersOn(dimensions: readonly { readonly id: string }[]): readonly FilterDefinition[] {
  return dimensions.flatMap(({ id }) => {
    if (id === 'time') return [];
    const filter = { field: id, dimension: id, operators };
    return id === 'flow' ? [filter, { ...filter, field: 'flow_id' }] : [filter];
  });
}
