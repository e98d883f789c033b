import type { UsageEvent, UsageEventKind } from '@tallykit/protocol';
import { type Attribution, mergeAttribution } from '../context/attribution.ts';
import type { FetchFunction, IngestTransport } from '../delivery/send-batch.ts';
import { TrackerError } from '../errors/tracker-error.ts';

/** Settings of {@link createRelay}. Either `endpoint` or `transport` is needed. */
export interface RelayOptions {
  /**
   * Whose page sends: read from the host's own session, never from the body. What it returns is put on every event, and
   * what the page said of the same is gone. `null`: nobody, answered with 401.
   */
  readonly attribute: (request: Request) => Attribution | null | Promise<Attribution | null>;
  /** Where the server adapter is mounted. */
  readonly endpoint?: string | undefined;
  /** An ingest key of the server. Not needed with `transport`. */
  readonly apiKey?: string | undefined;
  /** Takes batches in this process: `tallykit.ingest`. */
  readonly transport?: IngestTransport | undefined;
  /**
   * Kinds that a page may send; others are answered as rejected. Default: those that cost nothing and bill nobody:
   * `telemetry`, `conversation_message`, `goal_completion`, `flow_run`, `flow_step` and `workspace_runtime`.
   */
  readonly kinds?: readonly UsageEventKind[] | undefined;
  /** Bytes of a body. Default: 256 KiB. */
  readonly maxBytes?: number | undefined;
  /** Default: the global `fetch`. */
  readonly fetch?: FetchFunction | undefined;
}

const harmlessKinds: readonly UsageEventKind[] = [
  'telemetry',
  'conversation_message',
  'goal_completion',
  'flow_run',
  'flow_step',
  'workspace_runtime',
];

/** A page waits no longer for its answer either, and sends the batch again. */
const forwardTimeoutMs = 10_000;

/** Who an event is of. A page never decides it; where the host says nothing, nothing is sent. */
const identity = ['customerId', 'userId', 'environment'] as const;

const reply = (status: number, body: object): Response =>
  new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
  });

const refuse = (status: number, code: string, detail: string): Response =>
  reply(status, { status, code, title: code.replaceAll('_', ' '), detail });

/**
 * Makes the endpoint in the host's backend to which its pages send usage: it says whose page it is, adds the key that a
 * page must not have, and passes the answer on. Mount it behind the host's own session and rate limit, for POST
 * requests from its own origin.
 *
 * Throws a `TrackerError` (`configuration_invalid`) when neither `endpoint` nor `transport` is given.
 *
 * @example
 * const relay = createRelay({ endpoint, apiKey: key, attribute: (request) => signedIn(request) });
 * const response = await relay(request);
 */
export function createRelay(options: RelayOptions): (request: Request) => Promise<Response> {
  const { attribute, endpoint, apiKey, transport, kinds = harmlessKinds, maxBytes = 2 ** 18 } = options;
  const { fetch = (url, init) => globalThis.fetch(url, init) } = options;
  if (!endpoint && !transport) {
    throw new TrackerError(
      'configuration_invalid',
      'Whatever pages send would be lost: give createRelay an endpoint or a transport.',
    );
  }

  async function forward(body: RelayBody): Promise<Response> {
    if (transport) return reply(200, await transport(body as Parameters<IngestTransport>[0]));
    const response = await fetch(`${endpoint?.replace(/\/+$/, '')}/v1/events`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(apiKey && { authorization: `Bearer ${apiKey}` }) },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(forwardTimeoutMs),
    });
    // Trouble between the two servers is none of the page's: it keeps its events and tries again.
    if (response.status === 401 || response.status === 403) throw new Error('The key was refused.');
    const retryAfter = response.headers.get('retry-after');
    return new Response(await response.text(), {
      status: response.status,
      headers: {
        'content-type': 'application/json',
        'cache-control': 'no-store',
        ...(retryAfter && { 'retry-after': retryAfter }),
      },
    });
  }

  return async (request) => {
    if (request.method !== 'POST') return refuse(405, 'method_not_allowed', 'Usage is sent with POST.');
    // A form of another site can post text without asking the browser first, but no JSON.
    if (!/^application\/json\b/i.test(request.headers.get('content-type') ?? ''))
      return refuse(415, 'unsupported_media_type', 'Usage is sent as application/json.');
    const attribution = await attribute(request);
    if (!attribution) return refuse(401, 'unauthenticated', 'Nobody is signed in.');
    const text = await readText(request, maxBytes);
    if (text === undefined) return refuse(413, 'body_too_large', `At most ${maxBytes} bytes are taken.`);
    const body = parse(text);
    if (!body) return refuse(400, 'invalid_body', 'The body is no batch of events.');
    const refused = body.events.map((event) => !kinds.includes(event?.kind));
    const events = body.events
      .filter((_, index) => !refused[index])
      .map((event) => attributed(event, attribution));
    try {
      const answer = await forward({ ...body, events });
      return answer.status === 200 && refused.includes(true) ? withRefusals(answer, body, refused) : answer;
    } catch (error) {
      // A server in this process refuses with a problem; what it would refuse again must not be sent again.
      const { status = 503 } = (error ?? {}) as { readonly status?: number };
      if ([400, 413, 415, 422].includes(status))
        return refuse(
          status,
          'batch_refused',
          'The usage server refused the batch. Sending it again is of no use.',
        );
      return refuse(503, 'relay_unavailable', 'The usage server cannot be reached. Try again later.');
    }
  };
}

interface RelayBody {
  readonly events: readonly UsageEvent[];
}

function parse(text: string): RelayBody | undefined {
  try {
    const body = JSON.parse(text) as Partial<RelayBody> | null;
    return body && Array.isArray(body.events) ? (body as RelayBody) : undefined;
  } catch {
    return undefined;
  }
}

/** Reads a body until it is larger than allowed, whatever its headers say. */
async function readText(request: Request, maxBytes: number): Promise<string | undefined> {
  const reader = request.body?.getReader();
  if (!reader) return '';
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    bytes += value.byteLength;
    if (bytes > maxBytes) {
      await reader.cancel();
      return undefined;
    }
    text += decoder.decode(value, { stream: true });
  }
}

/** The event as one of the host's: an absent part of what the host says overwrites nothing, but identity is never the page's. */
function attributed(event: UsageEvent, attribution: Attribution): UsageEvent {
  const rest: Record<string, unknown> = { ...event };
  for (const key of identity) delete rest[key];
  // Hosts hand over whole sessions: what is no attribution in them stays with the host.
  return Object.assign(rest, mergeAttribution({}, attribution)) as unknown as UsageEvent;
}

/** Tells the page which of its events the relay kept back, at the places where the page has them. */
async function withRefusals(
  answer: Response,
  { events }: RelayBody,
  refused: readonly boolean[],
): Promise<Response> {
  const told = (await answer.json()) as { readonly problems?: readonly { readonly index: number }[] };
  const places = refused.flatMap((isRefused, index) => (isRefused ? [] : [index]));
  const passed = (told.problems ?? []).map((problem) => ({
    ...problem,
    index: places[problem.index] ?? problem.index,
  }));
  const kept = refused.flatMap((isRefused, index) =>
    isRefused
      ? [
          {
            index,
            id: events[index]?.id ?? null,
            outcome: 'rejected',
            code: 'kind_not_allowed',
            pointer: '/kind',
            detail: 'A page may not send events of this kind.',
          },
        ]
      : [],
  );
  return reply(200, { ...told, problems: [...passed, ...kept].sort((a, b) => a.index - b.index) });
}
