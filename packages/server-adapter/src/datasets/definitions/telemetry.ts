import { eventWindowDays, type FactDataset } from '../fact-dataset.ts';
import { eventDimensions, filtersOn, open } from './event-dimensions.ts';

const raw = { ...open, permission: 'telemetry.view' } as const;
const { time, channel, flow, customer, product, environment } = eventDimensions;

const dimensions = [
  time,
  { id: 'event_name', label: 'Event', type: 'text', reads: 'name', ...raw },
  channel,
  flow,
  customer,
  product,
  environment,
] as const satisfies FactDataset['dimensions'];

/** Events of the interface. */
export const telemetry = {
  id: 'telemetry',
  shape: 'facts',
  label: 'Telemetry',
  description: 'Events of the interface by their names.',
  permission: 'telemetry.view',
  cadence: 'live',
  defaultWindowDays: eventWindowDays,
  facts: {
    of: 'telemetry',
    standing: false,
    figures: {
      events: { kind: 'count' },
      conversations: { kind: 'distinct', of: 'conversation' },
    },
  },
  dimensions,
  measures: [
    {
      id: 'events',
      label: 'Events',
      type: 'count',
      description: 'How often the event happened.',
      source: { kind: 'figure', of: 'events' },
      ...raw,
    },
    {
      id: 'conversations',
      label: 'Conversations',
      type: 'count',
      description: 'Distinct conversations in which it happened.',
      source: { kind: 'figure', of: 'conversations' },
      ...raw,
    },
  ],
  filters: filtersOn(dimensions).map((filter) =>
    filter.dimension === 'event_name'
      ? { ...filter, operators: [...filter.operators, 'contains' as const] }
      : filter,
  ),
} as const satisfies FactDataset;
