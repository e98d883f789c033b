import {
  identifierSchema,
  totalTokens,
  type ConversationAnswer,
  type ConversationCall,
  type ConversationFlowRun,
  type Principal,
} from '@tallykit/protocol';
import { timeOfUuidV7 } from '../primitives/uuid-v7.ts';
import { costStateOf } from './call-cells.ts';
import { notFound } from './dataset-problems.ts';
import { freshnessOf, instant } from './freshness.ts';
import type { VisibleEvent, VisibleRecord } from './mask-event.ts';
import { costOfRecord, totalsOfTrace } from './read-trace.ts';
import { standingRuns } from './standing-runs.ts';
import type { Asker, Door } from './run-query.ts';

/** Events of one answer; totals hold up to {@link maxSummed}. */
const maxShown = 1000;
const maxSummed = 10_000;

type Kind = VisibleEvent['kind'];
type EventOf<Of extends Kind> = Extract<VisibleEvent, { readonly kind: Of }>;
type RecordOf<Of extends Kind> = VisibleRecord & { readonly event: EventOf<Of> };

/**
 * What belongs to a conversation, oldest first, and what it came to. Only events in the asker's scope are in either. A
 * conversation that does not exist and one that is somebody else's give the same 404.
 */
export async function readConversation(
  door: Door,
  principal: Principal,
  conversationId: string,
): Promise<ConversationAnswer> {
  const asker = await door.enter(principal);
  if (!identifierSchema.safeParse(conversationId).success || !conversationId.isWellFormed()) {
    throw notFound('conversation');
  }
  const reading = await asker.conversation(conversationId, maxSummed + 1);
  const summed = reading.rows.slice(0, maxSummed);
  const [first] = summed;
  const last = summed.at(-1);
  if (first === undefined || last === undefined) throw notFound('conversation');
  const totals = totalsOfTrace(summed, asker);
  const shown = summed.slice(0, maxShown);
  return {
    conversationId,
    firstAt: startOf(first),
    lastAt: startOf(last),
    calls: ofKind(shown, 'llm_call').map((record) => callOf(record, asker)),
    toolCalls: ofKind(shown, 'tool_call').map((record) => ({
      id: record.event.id,
      traceId: record.event.traceId,
      startedAt: startOf(record),
      durationMs: record.event.durationMs,
      tool: record.event.tool,
      server: record.event.server ?? null,
      status: record.event.status,
      errorClass: record.event.errorClass ?? null,
    })),
    messages: ofKind(shown, 'conversation_message').map((record) => ({
      id: record.event.id,
      at: startOf(record),
      role: record.event.role,
    })),
    signals: ofKind(shown, 'signal').map(signalOf),
    flowRuns: runsOf(ofKind(shown, 'flow_run')),
    truncated: reading.rows.length > maxShown,
    totals,
    scope: asker.scope,
    freshness: freshnessOf({ asker, cadence: 'live', readings: [reading], pending: totals.pending }),
  };
}

function ofKind<Of extends Kind>(records: readonly VisibleRecord[], kind: Of): readonly RecordOf<Of>[] {
  return records.filter((record): record is RecordOf<Of> => record.event.kind === kind);
}

function startOf({ event }: VisibleRecord): string {
  return instant(timeOfUuidV7(event.id));
}

function callOf(record: RecordOf<'llm_call'>, { visibility }: Pick<Asker, 'visibility'>): ConversationCall {
  const { event, usage, supersededBy } = record;
  return {
    id: event.id,
    callId: event.callId,
    attempt: event.attempt,
    final: event.final,
    traceId: event.traceId,
    messageId: event.messageId ?? null,
    startedAt: startOf(record),
    durationMs: event.durationMs,
    operation: event.operation,
    model: event.requestModel ?? null,
    status: event.status,
    customerId: event.customerId ?? null,
    flow: event.flow ?? null,
    tokens: totalTokens(usage ?? undefined),
    cost: supersededBy === null ? costOfRecord(record, visibility) : null,
    pending: costStateOf(record) === 'pending',
    superseded: supersededBy !== null,
  };
}

function signalOf(record: RecordOf<'signal'>): ConversationAnswer['signals'][number] {
  const { id, name, quantity = 1, value } = record.event;
  return {
    id,
    at: startOf(record),
    name,
    quantity,
    value: value ? { type: value.type, amount: value.amount, currency: value.currency ?? null } : null,
  };
}

function runsOf(records: readonly RecordOf<'flow_run'>[]): readonly ConversationFlowRun[] {
  return standingRuns(records.map(({ event }) => event)).map(({ first, standing }) => ({
    runId: standing.runId,
    flow: standing.flow ?? '',
    status: standing.status,
    trigger: standing.trigger,
    startedAt: instant(timeOfUuidV7(first.id)),
    durationMs: standing.durationMs ?? null,
  }));
}
