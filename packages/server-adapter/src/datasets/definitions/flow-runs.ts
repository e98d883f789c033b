import { eventWindowDays, type FactDataset } from '../fact-dataset.ts';
import { eventDimensions, filtersOn, open } from './event-dimensions.ts';

const { time, flow, channel, customer, product, configuration, environment } = eventDimensions;
const finished = { field: 'status', in: ['completed', 'failed', 'aborted'] } as const;

const dimensions = [
  time,
  flow,
  { id: 'status', label: 'Status', type: 'text', reads: 'status', ...open },
  { id: 'trigger', label: 'Trigger', type: 'text', reads: 'trigger', ...open },
  channel,
  customer,
  product,
  configuration,
  environment,
] as const satisfies FactDataset['dimensions'];

const count = { type: 'count', ...open } as const;
const duration = { type: 'duration', ...open } as const;

/** Runs of flows, each once and as it stands. */
export const flowRuns = {
  id: 'flow_runs',
  shape: 'facts',
  label: 'Flow runs',
  description: 'Runs of flows. A run counts once, at its start, with the status it has now.',
  permission: 'analytics.view',
  cadence: 'live',
  defaultWindowDays: eventWindowDays,
  facts: {
    of: 'flow_run',
    standing: true,
    figures: {
      runs: { kind: 'count' },
      completed: { kind: 'count', where: { field: 'status', in: ['completed'] } },
      failed: { kind: 'count', where: { field: 'status', in: ['failed'] } },
      aborted: { kind: 'count', where: { field: 'status', in: ['aborted'] } },
      in_flight: { kind: 'count', where: { field: 'status', in: ['running'] } },
      finished: { kind: 'count', where: finished },
      timed: { kind: 'count', of: 'duration', where: finished },
      total_ms: { kind: 'sum', of: 'duration', where: finished },
      p95_ms: { kind: 'percentile', of: 'duration', fraction: 0.95, where: finished },
    },
  },
  dimensions,
  measures: [
    {
      id: 'runs',
      label: 'Runs',
      description: 'Runs that began.',
      source: { kind: 'figure', of: 'runs' },
      ...count,
    },
    {
      id: 'completed',
      label: 'Completed',
      description: 'Runs that were completed.',
      source: { kind: 'figure', of: 'completed' },
      ...count,
    },
    {
      id: 'failed',
      label: 'Failed',
      description: 'Runs that failed.',
      source: { kind: 'figure', of: 'failed' },
      ...count,
    },
    {
      id: 'aborted',
      label: 'Aborted',
      description: 'Runs that were aborted.',
      source: { kind: 'figure', of: 'aborted' },
      ...count,
    },
    {
      id: 'in_flight',
      label: 'In flight',
      description: 'Runs whose end nobody has told yet.',
      source: { kind: 'figure', of: 'in_flight' },
      ...count,
    },
    {
      id: 'success_rate',
      label: 'Success rate',
      type: 'ratio',
      description: 'Completed runs over runs that ended; those in flight are left out.',
      source: { kind: 'quotient', of: 'completed', per: 'finished' },
      ...open,
    },
    {
      id: 'average_duration',
      label: 'Average duration',
      description: 'Mean duration of a run that ended, in milliseconds.',
      source: { kind: 'quotient', of: 'total_ms', per: 'timed' },
      ...duration,
    },
    {
      id: 'p95_duration',
      label: '95th percentile of duration',
      description: '95 of 100 runs that ended took at most so many milliseconds.',
      source: { kind: 'figure', of: 'p95_ms' },
      ...duration,
    },
  ],
  filters: filtersOn(dimensions),
} as const satisfies FactDataset;
