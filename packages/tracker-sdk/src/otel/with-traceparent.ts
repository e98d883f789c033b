import type { CallSource } from '../observe/call-recorder.ts';

/** The standard `fetch`. */
type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

/**
 * A `fetch` that sends the W3C `traceparent` of the active span, else of the tracker's run, with each request that has
 * none: for gateways that go on with a trace. Nothing sends it unless asked to, since providers have no use for it.
 *
 * @example
 * const openai = new OpenAI({ fetch: withTraceparent(tracker) });
 */
export function withTraceparent({ recorder }: CallSource, fetch: Fetch = globalThis.fetch): Fetch {
  return (input, init) => {
    const given = init?.headers ?? (input instanceof Request ? input.headers : undefined);
    let headers: Headers;
    try {
      headers = new Headers(given);
      const { traceId, parentSpanId = traceId.slice(16) } = recorder.hold();
      if (!headers.has('traceparent')) headers.set('traceparent', `00-${traceId}-${parentSpanId}-01`);
    } catch {
      recorder.lose('observer_failed');
      return fetch(input, init);
    }
    return fetch(input, { ...init, headers });
  };
}
