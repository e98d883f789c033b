import * as z from 'zod/mini';
import { answerScopeSchema, freshnessSchema, type AnswerScope, type Freshness } from './freshness.ts';
import { moneySchema, type DecimalString, type Money } from './money.ts';

/** One attempt of a call in a conversation. */
export interface ConversationCall {
  /** Ask `GET /v1/calls/{id}` for all of it. */
  readonly id: string;
  readonly callId: string;
  readonly attempt: number;
  readonly final: boolean;
  readonly traceId: string;
  readonly messageId: string | null;
  readonly startedAt: string;
  readonly durationMs: number;
  readonly operation: string;
  /** Null for customers of a host that does not show provider names. */
  readonly model: string | null;
  readonly status: 'ok' | 'error' | 'aborted';
  readonly customerId: string | null;
  readonly flow: string | null;
  readonly tokens: number | null;
  /** Null while the cost is pending, and for a second sighting. */
  readonly cost: Money | null;
  readonly pending: boolean;
  /** A second sighting of a response that counts elsewhere. */
  readonly superseded: boolean;
}

/** One tool that was called in a conversation. */
export interface ConversationToolCall {
  readonly id: string;
  readonly traceId: string;
  readonly startedAt: string;
  readonly durationMs: number;
  readonly tool: string;
  readonly server: string | null;
  readonly status: 'ok' | 'error' | 'aborted';
  readonly errorClass: string | null;
}

/** One message of a conversation, without its text. */
export interface ConversationMessage {
  readonly id: string;
  readonly at: string;
  readonly role: 'user' | 'agent';
}

/** One business event of a conversation. */
export interface ConversationSignal {
  readonly id: string;
  readonly at: string;
  readonly name: string;
  readonly quantity: number;
  readonly value: {
    readonly type: string;
    readonly amount: DecimalString;
    readonly currency: string | null;
  } | null;
}

/** One run of a flow in a conversation, as it stands. */
export interface ConversationFlowRun {
  readonly runId: string;
  readonly flow: string;
  readonly status: 'running' | 'completed' | 'failed' | 'aborted';
  readonly trigger: string;
  readonly startedAt: string;
  /** Null while it runs. */
  readonly durationMs: number | null;
}

/** Answer to `GET /v1/conversations/{id}`: what belongs to a conversation, oldest first, without any text of it. */
export interface ConversationAnswer {
  readonly conversationId: string;
  /** Start of the first and of the last event. */
  readonly firstAt: string;
  readonly lastAt: string;
  readonly calls: readonly ConversationCall[];
  readonly toolCalls: readonly ConversationToolCall[];
  readonly messages: readonly ConversationMessage[];
  readonly signals: readonly ConversationSignal[];
  readonly flowRuns: readonly ConversationFlowRun[];
  /** True when the conversation has more events than an answer holds. */
  readonly truncated: boolean;
  readonly totals: {
    readonly calls: number;
    readonly tokens: number | null;
    readonly cost: readonly Money[];
    readonly pending: { readonly calls: number; readonly tokens: number | null };
  };
  readonly scope: AnswerScope;
  readonly freshness: Freshness;
}

const status = z.enum(['ok', 'error', 'aborted']);
const text = z.nullable(z.string());

/** Checks a {@link ConversationAnswer}; open. */
export const conversationAnswerSchema = z.looseObject({
  conversationId: z.string(),
  firstAt: z.string(),
  lastAt: z.string(),
  calls: z.array(
    z.looseObject({
      id: z.string(),
      startedAt: z.string(),
      status,
      tokens: z.nullable(z.number()),
      cost: z.nullable(moneySchema),
      pending: z.boolean(),
    }),
  ),
  toolCalls: z.array(z.looseObject({ id: z.string(), startedAt: z.string(), tool: z.string(), status })),
  messages: z.array(z.looseObject({ id: z.string(), at: z.string(), role: z.enum(['user', 'agent']) })),
  signals: z.array(z.looseObject({ id: z.string(), at: z.string(), name: z.string(), quantity: z.number() })),
  flowRuns: z.array(
    z.looseObject({ runId: z.string(), flow: text, status: z.string(), startedAt: z.string() }),
  ),
  truncated: z.boolean(),
  totals: z.looseObject({ calls: z.number(), tokens: z.nullable(z.number()), cost: z.array(moneySchema) }),
  scope: answerScopeSchema,
  freshness: freshnessSchema,
});
