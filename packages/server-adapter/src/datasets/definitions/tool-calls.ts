import { eventWindowDays, type FactDataset } from '../fact-dataset.ts';
import { eventDimensions, filtersOn, open } from './event-dimensions.ts';

const { time, customer, product, flow, configuration, environment } = eventDimensions;

const dimensions = [
  time,
  { id: 'tool', label: 'Tool', type: 'text', reads: 'tool', ...open },
  { id: 'server', label: 'Server', type: 'text', reads: 'server', ...open },
  { id: 'status', label: 'Status', type: 'text', reads: 'status', ...open },
  { id: 'error_class', label: 'Error class', type: 'text', reads: 'error_class', ...open },
  customer,
  product,
  flow,
  configuration,
  environment,
] as const satisfies FactDataset['dimensions'];

/** Tools that models called, MCP servers' and others. */
export const toolCalls = {
  id: 'tool_calls',
  shape: 'facts',
  label: 'Tool calls',
  description: 'Invocations of tools, of MCP servers and others, without their arguments and results.',
  permission: 'analytics.view',
  cadence: 'live',
  defaultWindowDays: eventWindowDays,
  facts: {
    of: 'tool_call',
    standing: false,
    figures: {
      calls: { kind: 'count' },
      errors: { kind: 'count', where: { field: 'status', in: ['error'] } },
      total_ms: { kind: 'sum', of: 'duration' },
      p50_ms: { kind: 'percentile', of: 'duration', fraction: 0.5 },
      p95_ms: { kind: 'percentile', of: 'duration', fraction: 0.95 },
      p99_ms: { kind: 'percentile', of: 'duration', fraction: 0.99 },
    },
  },
  dimensions,
  measures: [
    {
      id: 'calls',
      label: 'Calls',
      type: 'count',
      description: 'Invocations, whatever came of them.',
      source: { kind: 'figure', of: 'calls' },
      ...open,
    },
    {
      id: 'errors',
      label: 'Failed calls',
      type: 'count',
      description: 'Invocations that ended in an error.',
      source: { kind: 'figure', of: 'errors' },
      ...open,
    },
    {
      id: 'error_rate',
      label: 'Error rate',
      type: 'ratio',
      description: 'Failed calls over calls.',
      source: { kind: 'quotient', of: 'errors', per: 'calls' },
      ...open,
    },
    {
      id: 'average_duration',
      label: 'Average duration',
      type: 'duration',
      description: 'Mean duration of an invocation, in milliseconds.',
      source: { kind: 'quotient', of: 'total_ms', per: 'calls' },
      ...open,
    },
    {
      id: 'p50_duration',
      label: 'Median duration',
      type: 'duration',
      description: 'Half of the invocations took at most so many milliseconds.',
      source: { kind: 'figure', of: 'p50_ms' },
      ...open,
    },
    {
      id: 'p95_duration',
      label: '95th percentile of duration',
      type: 'duration',
      description: '95 of 100 invocations took at most so many milliseconds.',
      source: { kind: 'figure', of: 'p95_ms' },
      ...open,
    },
    {
      id: 'p99_duration',
      label: '99th percentile of duration',
      type: 'duration',
      description: '99 of 100 invocations took at most so many milliseconds.',
      source: { kind: 'figure', of: 'p99_ms' },
      ...open,
    },
  ],
  filters: filtersOn(dimensions),
} as const satisfies FactDataset;
