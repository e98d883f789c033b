import type { EventAttribution, LlmCallEvent, ToolCallEvent } from '../usage-event.ts';
import { amountOf, firstOf, idOf, nameOf } from './attribute-values.ts';
import type { GenAiSpan, SpanAttributes } from './gen-ai-span.ts';
import { providerId, providerOfHost } from './provider-id.ts';
import { attributionOf } from './span-attribution.ts';
import { subjectOf } from './span-operation.ts';
import { outcomeOf } from './span-outcome.ts';
import { usageOf } from './span-usage.ts';

/** A call of a model or of a tool as a span tells it: an event without its identity. */
export type SpanFacts = Omit<LlmCallEvent, 'id' | 'callId' | 'attempt' | 'final'> | Omit<ToolCallEvent, 'id'>;

/** What a span tells of, and when it began. */
export interface GenAiSpanReading {
  /** Whole Unix milliseconds. */
  readonly startedAt: number;
  readonly facts: SpanFacts;
}

/** Put on spans of calls that Tallykit knows of already, so that they are not counted again. */
export const recordedMark = 'tallykit.recorded';

const providerNames = [
  'gen_ai.provider.name',
  'gen_ai.system',
  'llm.provider',
  'ai.model.provider',
  'llm.system',
];
const requestModelNames = [
  'gen_ai.request.model',
  'ai.model.id',
  'llm.request.model',
  'llm.model_name',
  'embedding.model_name',
  'gen_ai.response.model',
];
const responseModelNames = [
  'gen_ai.response.model',
  'ai.response.model',
  'llm.response.model',
  'llm.response.model_name',
];
const responseIdNames = ['gen_ai.response.id', 'ai.response.id', 'llm.response.id'];
const toolNames = ['gen_ai.tool.name', 'ai.toolCall.name', 'tool.name', 'traceloop.entity.name'];
const responseTierNames = ['openai.response.service_tier', 'gen_ai.openai.response.service_tier'];
const requestTierNames = ['openai.request.service_tier', 'gen_ai.openai.request.service_tier'];
const firstChunkSeconds = [
  'gen_ai.response.time_to_first_chunk',
  'gen_ai.client.operation.time_to_first_chunk',
  'gen_ai.server.time_to_first_token',
];
const firstChunkMilliseconds = ['ai.response.msToFirstChunk'];
const firstChunkEvents = /^(First Token Stream Event|(llm|gen_ai)\.content\.completion\.chunk)$/;

const validTraceId = /^(?!0{32})[0-9a-f]{32}$/;
const validSpanId = /^(?!0{16})[0-9a-f]{16}$/;

/**
 * Reads a finished span of any GenAI instrumentation: the call of a model or of a tool that it tells of, or null when it
 * tells of none. Spans over model calls (agents, workflows, steps) are none: they repeat what the calls below them report.
 * Of what a span holds, only counts, names and ids are read; prompts, answers and arguments never are.
 *
 * @example
 * const reading = readGenAiSpan({ attributes, traceId, spanId, startNanos, endNanos, failed: false });
 */
export function readGenAiSpan(span: GenAiSpan, run?: EventAttribution): GenAiSpanReading | null {
  const { attributes, traceId, spanId, parentSpanId } = span;
  if (attributes[recordedMark] === true || !validTraceId.test(traceId) || !validSpanId.test(spanId))
    return null;
  const subject = subjectOf(attributes);
  if (subject === null) return null;

  const startedAt = Number(span.startNanos / 1_000_000n);
  const common = {
    ...attributionOf(span, run),
    traceId,
    spanId,
    ...(parentSpanId !== undefined && validSpanId.test(parentSpanId) ? { parentSpanId } : {}),
    durationMs: milliseconds(span.endNanos - span.startNanos),
  };
  const { complete, httpStatus, ...ended } = outcomeOf(span);
  if (subject === 'tool') {
    const tool = firstOf(attributes, toolNames, nameOf) ?? 'unknown';
    return { startedAt, facts: { kind: 'tool_call', ...common, ...ended, tool } };
  }
  const provider = providerOf(attributes);
  return {
    startedAt,
    facts: {
      kind: 'llm_call',
      ...common,
      ...ended,
      complete,
      provider,
      requestModel: firstOf(attributes, requestModelNames, nameOf) ?? 'unknown',
      operation: subject.operation,
      ...reported({
        httpStatus,
        responseModel: firstOf(attributes, responseModelNames, idOf),
        responseId: firstOf(attributes, responseIdNames, idOf),
        firstChunkMs: firstChunkOf(span),
        serviceTier: serviceTierOf(attributes),
        statedCost: statedCostOf(attributes),
        ...usageOf(span, provider),
      }),
    },
  };
}

/** What is not known is not on the event at all, so that the same span makes the same event everywhere. */
function reported<Facts extends object>(facts: Facts): Facts {
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined)) as Facts;
}

function milliseconds(nanos: bigint): number {
  return nanos <= 0n ? 0 : Math.min(Number((nanos + 500_000n) / 1_000_000n), 1e12);
}

function providerOf(attributes: SpanAttributes): string {
  const provider = providerId(firstOf(attributes, providerNames, nameOf) ?? 'unknown');
  const host = nameOf(attributes['server.address']);
  return (provider === 'openai' && host !== undefined ? providerOfHost(host) : undefined) ?? provider;
}

function firstChunkOf({ attributes, events = [], startNanos }: GenAiSpan): number | undefined {
  const seconds = firstOf(attributes, firstChunkSeconds, amountOf);
  if (seconds !== undefined && seconds < 1e9) return Math.round(seconds * 1000);
  const ms = firstOf(attributes, firstChunkMilliseconds, amountOf);
  if (ms !== undefined) return Math.round(ms);
  const event = events.find(({ name }) => firstChunkEvents.test(name));
  return event === undefined ? undefined : milliseconds(event.timeNanos - startNanos);
}

/** What the provider says it served; else what was asked for, unless the provider was to choose. */
function serviceTierOf(attributes: SpanAttributes): string | undefined {
  const served = firstOf(attributes, responseTierNames, idOf);
  const asked = firstOf(attributes, requestTierNames, idOf);
  return served ?? (asked === 'auto' ? undefined : asked);
}

/** Only what the provider itself stated: most instrumentations write their own estimates under names like this. */
function statedCostOf(attributes: SpanAttributes): LlmCallEvent['statedCost'] {
  const amount = amountOf(attributes['gen_ai.usage.cost.amount']);
  const currency = nameOf(attributes['gen_ai.usage.cost.currency']);
  if (amount === undefined || !/^[A-Z]{3}$/.test(currency ?? '')) return undefined;
  if (attributes['gen_ai.usage.cost.source'] !== 'provider') return undefined;
  const text = amount.toFixed(12).replace(/\.?0+$/, '');
  return { amount: text, currency: currency ?? '' };
}
