/** Which entry point of the provider a request is for. */
export type FakeOperation =
  | 'chat'
  | 'responses'
  | 'responses.retrieve'
  | 'responses.cancel'
  | 'embeddings'
  | 'images.generate'
  | 'images.edit'
  | 'transcription'
  | 'translation'
  | 'speech';

/** One request as the fake provider received it. */
export interface FakeRequest {
  readonly operation: FakeOperation;
  /** Parsed JSON body, or the text fields of a form; an empty object for a request without one. */
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** 0 for the first request since the provider started. */
  readonly index: number;
  /** The id in the path of a retrieve or a cancel. */
  readonly responseId: string | undefined;
}

/** Token counts in the provider's inclusive convention: `input` includes what was cached, `output` includes reasoning. */
export interface FakeUsage {
  readonly input: number;
  readonly output: number;
  /** Left out of the answer unless given, because absent is not zero. */
  readonly cached?: number | undefined;
  readonly cacheWrite?: number | undefined;
  readonly reasoning?: number | undefined;
  readonly inputAudio?: number | undefined;
  readonly outputAudio?: number | undefined;
}

/** A call of one of the caller's functions that the model asks for. */
export interface FakeToolCall {
  readonly name: string;
  /** JSON text. */
  readonly arguments: string;
}

/** An answer that is an HTTP error. */
export interface FakeFailure {
  readonly status: number;
  readonly code?: string | undefined;
  readonly message?: string | undefined;
  /** For example `{ 'retry-after-ms': '5' }`. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** What the fake provider answers. Everything is optional; the default is a short text without usage. */
export interface FakeReply {
  /** Default: `Hello there.` Streams send it word by word unless `chunks` is given. */
  readonly text?: string | undefined;
  /** The exact pieces of a streamed text. Default: the words of `text`. */
  readonly chunks?: readonly string[] | undefined;
  /** Default: none, which means that the provider reports nothing. */
  readonly usage?: FakeUsage | undefined;
  /** Sent as it is in place of `usage`: for hosts with a dialect of their own. */
  readonly wireUsage?: Readonly<Record<string, unknown>> | undefined;
  readonly toolCalls?: readonly FakeToolCall[] | undefined;
  /** Default: the model asked for. */
  readonly model?: string | undefined;
  /** Default: unique within this provider. */
  readonly id?: string | undefined;
  /** Left out of the answer unless given. */
  readonly serviceTier?: string | undefined;
  /** Default: `stop`, or `tool_calls` when there are any. */
  readonly finishReason?: string | undefined;
  /** State of a Responses API answer. Default: `completed`. */
  readonly status?:
    'completed' | 'failed' | 'incomplete' | 'queued' | 'in_progress' | 'cancelled' | undefined;
  /** Pictures in an answer of the Images API. Default: 1. */
  readonly images?: number | undefined;
  /** Length of the sound, as a verbose transcription tells it. Default: 1. */
  readonly soundSeconds?: number | undefined;
  /** Further headers of the answer. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Length of each embedding. Default: 8. */
  readonly dimensions?: number | undefined;
  /** Answers with an HTTP error instead. */
  readonly failure?: FakeFailure | undefined;
  /** Milliseconds before the answer begins. Default: 0. */
  readonly delayMs?: number | undefined;
  /** Milliseconds before each further chunk of a stream. Default: 0, everything in one write. */
  readonly chunkDelayMs?: number | undefined;
  /** After this many events of a stream, do as `then` says. Default: the stream ends by itself. */
  readonly interrupt?: FakeInterruption | undefined;
}

/** How a stream goes wrong on the way. */
export interface FakeInterruption {
  readonly afterEvents: number;
  /** `error`: an error event; `disconnect`: the socket is cut; `hang`: nothing more until the caller leaves. */
  readonly then: 'error' | 'disconnect' | 'hang';
}

/** Decides what each request is answered with. */
export type FakeReplyFunction = (request: FakeRequest) => FakeReply | Promise<FakeReply>;

/** Pieces in which a reply's text is streamed. */
export function piecesOf(reply: FakeReply): readonly string[] {
  return reply.chunks ?? textOf(reply).split(/(?<= )/);
}

/** The whole text of a reply. */
export function textOf(reply: FakeReply): string {
  return reply.text ?? reply.chunks?.join('') ?? (reply.toolCalls ? '' : 'Hello there.');
}
