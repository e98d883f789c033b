import { type Answer, fieldsOf, textOf } from '../../observe/read-value.ts';

/** What of a request is looked at. Its body is parsed when somebody asks, and only where it is text. */
export interface RequestReading {
  readonly url: URL | undefined;
  readonly method: string;
  readonly signal: AbortSignal | null | undefined;
  readonly body: () => Answer;
  /** The model that the body names. A long body is not parsed for it where it can be seen at its beginning or end. */
  readonly model: () => string | undefined;
}

/** Parsing less than that takes no time that anybody could notice. */
const shortBody = 2 ** 16;
/** The model of the request itself: nothing may open before it or close after it, or it is one in what was written. */
const namedFirst = /^\{[^{}[\]]*?"model"\s*:\s*"([^"\\]{1,200})"/;
const namedLast = /"model"\s*:\s*"([^"\\]{1,200})"[^{}[\]]*\}\s*$/;

/** A request that is already made has a body that only its receiver may read. */
const isRequest = (input: unknown): input is Request =>
  typeof input === 'object' && !!input && 'url' in input;

/** Reads what a call of `fetch` asks for, without touching it. */
export function readRequest(input: string | URL | Request, init: RequestInit | undefined): RequestReading {
  const given = isRequest(input) ? input : undefined;
  const address = given?.url ?? String(input);
  const { body } = init ?? {};
  let parsed: Answer | undefined;
  const read = (): Answer => (parsed ??= parseBody(body));
  return {
    url: parseUrl(address),
    method: (init?.method ?? given?.method ?? 'GET').toUpperCase(),
    signal: init?.signal ?? given?.signal,
    body: read,
    model() {
      const long = typeof body === 'string' && body.length > shortBody ? body : '';
      const named = namedFirst.exec(long.slice(0, 1024)) ?? namedLast.exec(long.slice(-1024));
      return named?.[1] ?? textOf(read()['model']);
    },
  };
}

function parseUrl(address: string): URL | undefined {
  try {
    return new URL(address);
  } catch {
    // Relative to a page: no provider is reached that way.
    return undefined;
  }
}

function parseBody(body: unknown): Answer {
  if (typeof FormData === 'function' && body instanceof FormData) {
    const model = body.get('model');
    return typeof model === 'string' ? { model } : {};
  }
  const text = body instanceof Uint8Array ? new TextDecoder().decode(body) : body;
  if (typeof text !== 'string') return {};
  try {
    return fieldsOf(JSON.parse(text));
  } catch {
    return {};
  }
}
