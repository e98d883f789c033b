/** A value of a span's attribute as OpenTelemetry has it. Whole numbers beyond what a number holds come as text. */
export type SpanAttributeValue =
  string | number | boolean | readonly (string | number | boolean | null | undefined)[];

/** Attributes by name. */
export type SpanAttributes = Readonly<Record<string, SpanAttributeValue | undefined>>;

/** What of a finished span is looked at. */
export interface GenAiSpan {
  readonly attributes: SpanAttributes;
  /** Attributes of the process that made the span. */
  readonly resource?: SpanAttributes | undefined;
  /** Entries of the W3C baggage that the span was started under. */
  readonly baggage?: SpanAttributes | undefined;
  /** Name of the instrumentation: some report tokens in a way of their own under the common names. */
  readonly scopeName?: string | undefined;
  /** 32 hex digits. */
  readonly traceId: string;
  /** 16 hex digits. */
  readonly spanId: string;
  readonly parentSpanId?: string | undefined;
  /** Unix nanoseconds. */
  readonly startNanos: bigint;
  /** Unix nanoseconds. */
  readonly endNanos: bigint;
  /** Whether the span's status is an error. */
  readonly failed: boolean;
  readonly events?: readonly GenAiSpanEvent[] | undefined;
}

/** Something that happened while a span ran. */
export interface GenAiSpanEvent {
  readonly name: string;
  /** Unix nanoseconds. */
  readonly timeNanos: bigint;
  readonly attributes?: SpanAttributes | undefined;
}
