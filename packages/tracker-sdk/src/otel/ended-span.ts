/** OpenTelemetry's time: seconds and nanoseconds. */
export type HighResolutionTime = readonly [seconds: number, nanoseconds: number];

/** What of a span is read when it has ended, in any 1.x or 2.x release of OpenTelemetry's SDK. */
export interface EndedSpan {
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly resource?: { readonly attributes?: Readonly<Record<string, unknown>> } | undefined;
  readonly instrumentationScope?: { readonly name: string } | undefined;
  /** Name of the scope in 1.x. */
  readonly instrumentationLibrary?: { readonly name: string } | undefined;
  spanContext(): { readonly traceId: string; readonly spanId: string };
  readonly parentSpanContext?: { readonly spanId: string } | undefined;
  /** Id of the parent in 1.x. */
  readonly parentSpanId?: string | undefined;
  readonly startTime: HighResolutionTime;
  readonly endTime: HighResolutionTime;
  readonly status: { readonly code: number };
  readonly events?: readonly EndedSpanEvent[] | undefined;
}

/** Something that happened while a span ran. */
export interface EndedSpanEvent {
  readonly name: string;
  readonly time: HighResolutionTime;
  readonly attributes?: Readonly<Record<string, unknown>> | undefined;
}

/** What of OpenTelemetry's context is read. */
export interface SpanContextHolder {
  getValue(key: symbol): unknown;
}
