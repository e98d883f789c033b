import { eventWindowDays, type FactDataset } from '../fact-dataset.ts';
import { eventDimensions, filtersOn, open } from './event-dimensions.ts';

const goals = { ...open, permission: 'goals.view' } as const;
const { time, channel, flow, customer, product, environment } = eventDimensions;

const dimensions = [
  time,
  { id: 'goal', label: 'Goal', type: 'text', reads: 'goal', ...goals },
  channel,
  { id: 'currency', label: 'Currency', type: 'text', reads: 'currency', ...goals },
  flow,
  customer,
  product,
  environment,
] as const satisfies FactDataset['dimensions'];

/** Goals that were met. */
export const conversions = {
  id: 'conversions',
  shape: 'facts',
  label: 'Conversions',
  description: 'Goals that were met, and what they are worth. Currencies are never added.',
  permission: 'goals.view',
  cadence: 'live',
  defaultWindowDays: eventWindowDays,
  facts: {
    of: 'goal_completion',
    standing: false,
    figures: {
      conversions: { kind: 'count' },
      value: { kind: 'sum', of: 'amount' },
      valued: { kind: 'count', of: 'amount' },
      customers: { kind: 'distinct', of: 'customer' },
      conversations: { kind: 'distinct', of: 'conversation' },
    },
  },
  dimensions,
  measures: [
    {
      id: 'conversions',
      label: 'Conversions',
      type: 'count',
      description: 'How often a goal was met.',
      source: { kind: 'figure', of: 'conversions' },
      ...goals,
    },
    {
      id: 'revenue',
      label: 'Revenue',
      type: 'currency',
      description: 'What the met goals are worth, in their currency.',
      source: { kind: 'amount', of: 'value' },
      ...goals,
    },
    {
      id: 'average_value',
      label: 'Average value',
      type: 'currency',
      description: 'Revenue over the met goals that have a value.',
      source: { kind: 'amount_quotient', of: 'value', per: 'valued' },
      ...goals,
    },
    {
      id: 'customers',
      label: 'Customers',
      type: 'count',
      description: 'Distinct customers that met a goal.',
      source: { kind: 'figure', of: 'customers' },
      ...goals,
    },
    {
      id: 'conversations',
      label: 'Conversations',
      type: 'count',
      description: 'Distinct conversations in which a goal was met.',
      source: { kind: 'figure', of: 'conversations' },
      ...goals,
    },
  ],
  filters: filtersOn(dimensions),
} as const satisfies FactDataset;
