import type { FakeInterruption } from '../fake-openai/fake-reply.ts';

/** One request as the fake provider received it. */
export interface FakeAnthropicRequest {
  readonly operation: 'messages' | 'count_tokens' | 'complete' | 'batch' | 'batch.results';
  /** Parsed JSON body; an empty object for a request without one. */
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** 0 for the first request since the provider started. */
  readonly index: number;
}

/** A call of one of the caller's tools that the model asks for. */
export interface FakeToolUse {
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** What the fake provider answers. Everything is optional; the default is a short text without usage. */
export interface FakeAnthropicReply {
  /** Pieces of the text, one event each in a stream. Default: `Hello there.` in two. */
  readonly chunks?: readonly string[] | undefined;
  /** Thinking before the text. Default: none. */
  readonly thinking?: string | undefined;
  readonly toolUses?: readonly FakeToolUse[] | undefined;
  /** The `usage` object of the API. Default: none, which means that the provider reports nothing. */
  readonly usage?: Readonly<Record<string, unknown>> | undefined;
  /** Default: the model asked for. */
  readonly model?: string | undefined;
  /** Default: unique within this provider. */
  readonly id?: string | undefined;
  /** Default: `end_turn`, or `tool_use` when there is any. */
  readonly stopReason?: string | undefined;
  /** Answers with an HTTP error instead. */
  readonly failure?:
    | {
        readonly status: number;
        /** Default: `api_error`. */
        readonly type?: string | undefined;
        readonly message?: string | undefined;
        readonly headers?: Readonly<Record<string, string>> | undefined;
      }
    | undefined;
  /** Lines of the results of a batch. */
  readonly results?: readonly object[] | undefined;
  /** Milliseconds before the answer begins. Default: 0. */
  readonly delayMs?: number | undefined;
  /** Milliseconds before each further event of a stream. Default: 0, everything in one write. */
  readonly chunkDelayMs?: number | undefined;
  /** After this many events of a stream, do as `then` says. An error is an `overloaded_error`. Default: it ends by itself. */
  readonly interrupt?: FakeInterruption | undefined;
}

/** Decides what each request is answered with. */
export type FakeAnthropicReplyFunction = (
  request: FakeAnthropicRequest,
) => FakeAnthropicReply | Promise<FakeAnthropicReply>;
