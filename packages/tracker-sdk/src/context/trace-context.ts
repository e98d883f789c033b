/** The part of a W3C trace that a call joins. */
export interface TraceContext {
  readonly traceId: string;
  /** The span under which the calls happen, when one is known. */
  readonly parentSpanId?: string | undefined;
}

const traceparentPattern = /^[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}/;

/** Reads a `traceparent` header. `undefined` when it is missing or malformed, as W3C asks: start a new trace then. */
export function readTraceparent(header: string | undefined): TraceContext | undefined {
  const match = traceparentPattern.exec(header ?? '');
  return match ? { traceId: match[1] ?? '', parentSpanId: match[2] } : undefined;
}

/** What of OpenTelemetry's registered global is read here. */
interface OpenTelemetryGlobal {
  readonly context?: { active(): { getValue(key: symbol): unknown } };
}

interface ActiveSpan {
  spanContext(): { readonly traceId: string; readonly spanId: string };
}

/** The span that OpenTelemetry has active now, found through its registered global, so that nothing is imported. */
export function activeOpenTelemetrySpan(): TraceContext | undefined {
  try {
    const api = (globalThis as Record<symbol, unknown>)[Symbol.for('opentelemetry.js.api.1')];
    const active = (api as OpenTelemetryGlobal | undefined)?.context?.active();
    const span = active?.getValue(Symbol.for('OpenTelemetry Context Key SPAN')) as ActiveSpan | undefined;
    const context = span?.spanContext();
    return context && readTraceparent(`00-${context.traceId}-${context.spanId}-00`);
  } catch {
    // A foreign context manager that fails must not cost the host its call.
    return undefined;
  }
}
