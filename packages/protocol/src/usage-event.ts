import * as z from 'zod/mini';
import {
  currencySchema,
  decimalStringSchema,
  nonNegativeDecimalStringSchema,
  type DecimalString,
} from './money.ts';
import { countSchema, identifierSchema, spanIdSchema, traceIdSchema, uuidV7Schema } from './text.ts';
import { eventTokenUsageSchema, type TokenUsage } from './token-usage.ts';

/** At most this many tags on an event. */
export const maxTags = 16;
/** At most this many characters in a tag's key. */
export const maxTagKeyLength = 64;
/** At most this many characters in a tag's value. */
export const maxTagValueLength = 256;
/** At most this many raw counts, and typed telemetry properties, on an event. */
export const maxRawCounts = 16;

/** Who and what an event belongs to. All of it is optional: an unattributed call is accepted and shown as such. */
export interface EventAttribution {
  /** The vendor's own id of its customer account. */
  readonly customerId?: string | undefined;
  readonly userId?: string | undefined;
  /** The agent, assistant or service that the vendor sells. */
  readonly productId?: string | undefined;
  /** The feature, assistant flow or query type that made the call. */
  readonly flow?: string | undefined;
  /** Version of the assistant or of its prompt set. */
  readonly configuration?: string | undefined;
  readonly conversationId?: string | undefined;
  /** The message that the call answers; several calls may share one. */
  readonly messageId?: string | undefined;
  readonly channel?: string | undefined;
  readonly workspaceId?: string | undefined;
  /** For example `production`. */
  readonly environment?: string | undefined;
  /** At most 16 short pairs. A value that looks like a credential is removed by the server with a warning. */
  readonly tags?: Readonly<Record<string, string>> | undefined;
}

/** What every event carries. */
export interface EventCommon extends EventAttribution {
  /** A UUIDv7; its milliseconds are the start of what the event tells of. */
  readonly id: string;
  /** W3C trace id, 32 hex digits. */
  readonly traceId: string;
  readonly spanId?: string | undefined;
  readonly parentSpanId?: string | undefined;
}

/** One attempt of one LLM API call. Attempts of a call share `callId`; the last has `final: true` and is the one that counts. */
export interface LlmCallEvent extends EventCommon {
  readonly kind: 'llm_call';
  readonly callId: string;
  /** 1 for the first attempt. */
  readonly attempt: number;
  readonly final: boolean;
  readonly provider: string;
  readonly requestModel: string;
  readonly responseModel?: string | undefined;
  /** For example `chat`, `responses` or `embeddings`. */
  readonly operation: string;
  /** The provider's id of the response; a second event with the same one never counts. */
  readonly responseId?: string | undefined;
  readonly status: 'ok' | 'error' | 'aborted';
  /** False when the end of a stream was not seen. */
  readonly complete: boolean;
  readonly errorClass?: string | undefined;
  readonly httpStatus?: number | undefined;
  /** Whole milliseconds from start to end. */
  readonly durationMs: number;
  /** Whole milliseconds from start to the first chunk of a stream. */
  readonly firstChunkMs?: number | undefined;
  readonly usage?: TokenUsage | undefined;
  /** The provider's own counts, by its own allow-listed names. */
  readonly rawUsage?: Readonly<Record<string, number>> | undefined;
  /** An estimate of what an unfinished call used; never mixed into `usage`. */
  readonly estimate?: { readonly method: string; readonly usage: TokenUsage } | undefined;
  readonly serviceTier?: string | undefined;
  readonly batch?: boolean | undefined;
  readonly region?: string | undefined;
  /** What the provider itself said that the call costs; kept beside ours, never summed. */
  readonly statedCost?: { readonly amount: DecimalString; readonly currency: string } | undefined;
  readonly providerIds?:
    | {
        readonly projectId?: string | undefined;
        readonly keyId?: string | undefined;
        readonly requestId?: string | undefined;
      }
    | undefined;
}

/** A business event worth counting or billing. */
export interface SignalEvent extends EventCommon {
  readonly kind: 'signal';
  readonly name: string;
  /** 1 unless told. */
  readonly quantity?: number | undefined;
  /** What the signal delivered: money when `currency` is given, another unit otherwise. */
  readonly value?:
    | { readonly type: string; readonly amount: DecimalString; readonly currency?: string | undefined }
    | undefined;
}

/** One observed interval of activity in a workspace. */
export interface WorkspaceRuntimeEvent extends EventCommon {
  readonly kind: 'workspace_runtime';
  readonly seconds: number;
}

/** One invocation of a tool, without its arguments or results. */
export interface ToolCallEvent extends EventCommon {
  readonly kind: 'tool_call';
  readonly tool: string;
  readonly server?: string | undefined;
  readonly status: 'ok' | 'error' | 'aborted';
  readonly errorClass?: string | undefined;
  readonly durationMs: number;
}

/** One message of a conversation, without its text. */
export interface ConversationMessageEvent extends EventCommon {
  readonly kind: 'conversation_message';
  readonly role: 'user' | 'agent';
}

/** State of one run of a flow. */
export interface FlowRunEvent extends EventCommon {
  readonly kind: 'flow_run';
  readonly runId: string;
  readonly status: 'running' | 'completed' | 'failed' | 'aborted';
  readonly trigger: string;
  readonly durationMs?: number | undefined;
}

/** One step that a run of a flow reached. */
export interface FlowStepEvent extends EventCommon {
  readonly kind: 'flow_step';
  readonly runId: string;
  readonly step: string;
}

/** A goal that was met. */
export interface GoalCompletionEvent extends EventCommon {
  readonly kind: 'goal_completion';
  readonly goal: string;
  readonly value?: { readonly amount: DecimalString; readonly currency: string } | undefined;
}

/** An interface event with at most 16 typed properties. */
export interface TelemetryEvent extends EventCommon {
  readonly kind: 'telemetry';
  readonly name: string;
  readonly properties?: Readonly<Record<string, string | number | boolean>> | undefined;
}

/** Anything that can be ingested. */
export type UsageEvent =
  | LlmCallEvent
  | SignalEvent
  | WorkspaceRuntimeEvent
  | ToolCallEvent
  | ConversationMessageEvent
  | FlowRunEvent
  | FlowStepEvent
  | GoalCompletionEvent
  | TelemetryEvent;

/** The kind of an event. */
export type UsageEventKind = UsageEvent['kind'];

const name = identifierSchema;
const optionalName = z.optional(identifierSchema);
const tagKey = z.string().check(z.minLength(1), z.maxLength(maxTagKeyLength));

function atMost<Value>(limit: number) {
  return z.refine<Record<string, Value>>((record) => Object.keys(record).length <= limit, {
    error: `At most ${limit} entries are accepted.`,
  });
}

const common = {
  id: uuidV7Schema,
  traceId: traceIdSchema,
  spanId: z.optional(spanIdSchema),
  parentSpanId: z.optional(spanIdSchema),
  customerId: optionalName,
  userId: optionalName,
  productId: optionalName,
  flow: optionalName,
  configuration: optionalName,
  conversationId: optionalName,
  messageId: optionalName,
  channel: optionalName,
  workspaceId: optionalName,
  environment: optionalName,
  tags: z.optional(
    z.record(tagKey, z.string().check(z.maxLength(maxTagValueLength))).check(atMost<string>(maxTags)),
  ),
};

const status = z.enum(['ok', 'error', 'aborted']);

/** Checks an {@link LlmCallEvent}; closed. */
export const llmCallEventSchema = z.strictObject({
  kind: z.literal('llm_call'),
  ...common,
  callId: name,
  attempt: z.int().check(z.gte(1), z.lte(1000)),
  final: z.boolean(),
  provider: name,
  requestModel: name,
  responseModel: optionalName,
  operation: name,
  responseId: optionalName,
  status,
  complete: z.boolean(),
  errorClass: optionalName,
  httpStatus: z.optional(z.int().check(z.gte(100), z.lte(599))),
  durationMs: countSchema,
  firstChunkMs: z.optional(countSchema),
  usage: z.optional(eventTokenUsageSchema),
  rawUsage: z.optional(z.record(tagKey, countSchema).check(atMost<number>(maxRawCounts))),
  estimate: z.optional(z.strictObject({ method: name, usage: eventTokenUsageSchema })),
  serviceTier: optionalName,
  batch: z.optional(z.boolean()),
  region: optionalName,
  statedCost: z.optional(
    z.strictObject({ amount: nonNegativeDecimalStringSchema, currency: currencySchema }),
  ),
  providerIds: z.optional(
    z.strictObject({ projectId: optionalName, keyId: optionalName, requestId: optionalName }),
  ),
});

/** Checks a {@link SignalEvent}; closed. */
export const signalEventSchema = z.strictObject({
  kind: z.literal('signal'),
  ...common,
  name,
  quantity: z.optional(countSchema),
  value: z.optional(
    z.strictObject({ type: name, amount: decimalStringSchema, currency: z.optional(currencySchema) }),
  ),
});

/** Checks a {@link WorkspaceRuntimeEvent}; closed. */
export const workspaceRuntimeEventSchema = z.strictObject({
  kind: z.literal('workspace_runtime'),
  ...common,
  workspaceId: name,
  seconds: z.int().check(z.gte(0), z.lte(86_400)),
});

/** Checks a {@link ToolCallEvent}; closed. */
export const toolCallEventSchema = z.strictObject({
  kind: z.literal('tool_call'),
  ...common,
  tool: name,
  server: optionalName,
  status,
  errorClass: optionalName,
  durationMs: countSchema,
});

/** Checks a {@link ConversationMessageEvent}; closed. */
export const conversationMessageEventSchema = z.strictObject({
  kind: z.literal('conversation_message'),
  ...common,
  conversationId: name,
  role: z.enum(['user', 'agent']),
});

/** Checks a {@link FlowRunEvent}; closed. */
export const flowRunEventSchema = z.strictObject({
  kind: z.literal('flow_run'),
  ...common,
  flow: name,
  runId: name,
  status: z.enum(['running', 'completed', 'failed', 'aborted']),
  trigger: name,
  durationMs: z.optional(countSchema),
});

/** Checks a {@link FlowStepEvent}; closed. */
export const flowStepEventSchema = z.strictObject({
  kind: z.literal('flow_step'),
  ...common,
  flow: name,
  runId: name,
  step: name,
});

/** Checks a {@link GoalCompletionEvent}; closed. */
export const goalCompletionEventSchema = z.strictObject({
  kind: z.literal('goal_completion'),
  ...common,
  goal: name,
  value: z.optional(z.strictObject({ amount: decimalStringSchema, currency: currencySchema })),
});

/** Checks a {@link TelemetryEvent}; closed. */
export const telemetryEventSchema = z.strictObject({
  kind: z.literal('telemetry'),
  ...common,
  name,
  properties: z.optional(
    z
      .record(tagKey, z.union([z.string().check(z.maxLength(maxTagValueLength)), z.number(), z.boolean()]))
      .check(atMost<string | number | boolean>(maxRawCounts)),
  ),
});

/**
 * Checks one event of any kind. Closed: a key that the kind does not have is an error that names the key,
 * so text that was never meant to leave the host cannot slip in.
 */
export const usageEventSchema: z.ZodMiniType<UsageEvent> = z.discriminatedUnion('kind', [
  llmCallEventSchema,
  signalEventSchema,
  workspaceRuntimeEventSchema,
  toolCallEventSchema,
  conversationMessageEventSchema,
  flowRunEventSchema,
  flowStepEventSchema,
  goalCompletionEventSchema,
  telemetryEventSchema,
]);
