import {
  totalTokens,
  traceIdSchema,
  type Money,
  type Principal,
  type TraceAnswer,
  type TraceSpan,
} from '@tallykit/protocol';
import { sumMoney } from '../primitives/money.ts';
import { timeOfUuidV7 } from '../primitives/uuid-v7.ts';
import { notFound } from './dataset-problems.ts';
import { freshnessOf, instant } from './freshness.ts';
import type { VisibleEvent, VisibleRecord } from './mask-event.ts';
import type { PendingFigure } from './question.ts';
import type { Asker, Door } from './run-query.ts';

/** Spans of one answer; totals hold up to {@link maxSummed} events. */
const maxSpans = 1000;
const maxSummed = 10_000;

/**
 * A trace with its spans, oldest first, and what it came to. Only events in the asker's scope are in either. A trace that
 * does not exist and one that is somebody else's give the same 404.
 */
export async function readTrace(door: Door, principal: Principal, traceId: string): Promise<TraceAnswer> {
  const asker = await door.enter(principal);
  if (!traceIdSchema.safeParse(traceId).success) throw notFound('trace');
  const reading = await asker.trace(traceId, maxSummed + 1);
  if (reading.rows.length === 0) throw notFound('trace');
  const summed = reading.rows.slice(0, maxSummed);
  const totals = totalsOfTrace(summed, asker);
  return {
    traceId,
    spans: summed.slice(0, maxSpans).map((record) => spanOf(record, asker)),
    truncated: reading.rows.length > maxSpans,
    totals,
    scope: asker.scope,
    freshness: freshnessOf({ asker, cadence: 'live', readings: [reading], pending: totals.pending }),
  };
}

/** What the records of a trace come to. A second sighting of a response counts nothing. */
export function totalsOfTrace(
  records: readonly VisibleRecord[],
  { visibility }: Pick<Asker, 'visibility'>,
): TraceAnswer['totals'] {
  const counting = records.filter(
    ({ event, supersededBy }) => event.kind === 'llm_call' && supersededBy === null,
  );
  const pending = counting.filter(({ standing }) => standing?.kind === 'pending');
  return {
    calls: counting.filter(({ event }) => event.kind === 'llm_call' && event.final).length,
    tokens: tokensOf(counting),
    cost: sumMoney(
      counting.map((record) => costOfRecord(record, visibility)).filter((cost) => cost !== null),
    ),
    pending: { calls: pending.length, tokens: tokensOf(pending) } satisfies PendingFigure,
  };
}

function tokensOf(records: readonly VisibleRecord[]): number | null {
  const known = records.map(tokensIn).filter((tokens) => tokens !== null);
  return known.length === 0 ? null : known.reduce((sum, tokens) => sum + tokens, 0);
}

function tokensIn({ usage }: VisibleRecord): number | null {
  return totalTokens(usage ?? undefined);
}

/** The amount of a record that is meant for the reader, when it is known. */
export function costOfRecord({ standing }: VisibleRecord, visibility: Asker['visibility']): Money | null {
  const amount = visibility === 'operator' ? standing?.effective : standing?.charge;
  const currency = standing?.currency;
  return standing?.kind === 'priced' && typeof amount === 'string' && typeof currency === 'string'
    ? { amount, currency }
    : null;
}

function spanOf(record: VisibleRecord, { visibility }: Pick<Asker, 'visibility'>): TraceSpan {
  const { event, standing, supersededBy } = record;
  const counts = supersededBy === null;
  return {
    id: event.id,
    kind: event.kind,
    spanId: event.spanId ?? null,
    parentSpanId: event.parentSpanId ?? null,
    startedAt: instant(timeOfUuidV7(event.id)),
    durationMs: 'durationMs' in event ? (event.durationMs ?? null) : null,
    name: nameOf(event),
    status: 'status' in event ? event.status : null,
    customerId: event.customerId ?? null,
    flow: event.flow ?? null,
    tokens: tokensIn(record),
    cost: counts ? costOfRecord(record, visibility) : null,
    pending: counts && standing?.kind === 'pending',
  };
}

function nameOf(event: VisibleEvent): string {
  switch (event.kind) {
    case 'llm_call':
      return event.requestModel === undefined ? event.operation : `${event.operation} ${event.requestModel}`;
    case 'signal':
    case 'telemetry':
      return event.name;
    case 'tool_call':
      return event.tool;
    case 'flow_step':
      return event.step;
    case 'flow_run':
      return event.flow ?? 'flow run';
    case 'goal_completion':
      return event.goal;
    case 'conversation_message':
      return `message by ${event.role}`;
    case 'workspace_runtime':
      return 'workspace runtime';
  }
}
