import { eventWindowDays, type FactDataset } from '../fact-dataset.ts';
import { eventDimensions, filtersOn, open } from './event-dimensions.ts';

const goals = { ...open, permission: 'goals.view' } as const;
const { flow, channel, customer, product, environment } = eventDimensions;

/** How far runs of one flow came. */
export const funnel = {
  id: 'funnel',
  shape: 'funnel',
  label: 'Funnel',
  description:
    'Runs of one flow by the steps they reached, in the order in which the flow is registered. Needs a filter on one flow.',
  permission: 'goals.view',
  cadence: 'live',
  defaultWindowDays: eventWindowDays,
  facts: { of: 'flow_step', standing: false, figures: { runs: { kind: 'distinct', of: 'run' } } },
  dimensions: [
    { id: 'step', label: 'Step', type: 'text', reads: 'step', ...goals },
    flow,
    channel,
    customer,
    product,
    environment,
  ],
  measures: [
    {
      id: 'runs',
      label: 'Runs',
      type: 'count',
      description: 'Distinct runs that reached the step.',
      source: { kind: 'figure', of: 'runs' },
      ...goals,
    },
    {
      id: 'drop_off',
      label: 'Drop-off',
      type: 'ratio',
      description: 'Share of the runs at the step before that did not reach this one. Empty at the first.',
      source: { kind: 'figure', of: 'runs' },
      ...goals,
    },
    {
      id: 'share',
      label: 'Share of the first step',
      type: 'ratio',
      description: 'Runs that reached the step over those that reached the first.',
      source: { kind: 'figure', of: 'runs' },
      ...goals,
    },
  ],
  filters: filtersOn([{ id: 'step' }, flow, channel, customer, product, environment]).map((filter) =>
    filter.dimension === 'flow' ? { ...filter, operators: ['eq' as const] } : filter,
  ),
} as const satisfies FactDataset;
