import ky, { isHTTPError, isNetworkError, isTimeoutError, type Options } from 'ky';
import type { Shape } from './answers/shape.ts';
import { checkAnswer } from './check-answer.ts';
import { ConnectionError } from './errors/connection-error.ts';
import { ProblemError } from './errors/problem-error.ts';
import { TimeoutError } from './errors/timeout-error.ts';
import { readProblem, retryAfterMsOf } from './read-problem.ts';
import { retriedStatuses, type RetryRule } from './retry-rule.ts';
import { addressOf, type Route } from './routes.ts';

/** One question to the server. */
export interface HttpRequest {
  readonly route: Route;
  readonly parameters?: Readonly<Record<string, string>> | undefined;
  /** A list names its parameter once for each value. */
  readonly query?:
    Readonly<Record<string, string | number | boolean | readonly string[] | undefined>> | undefined;
  readonly body?: unknown;
  /** Whether asking twice does no more than asking once. Only such requests are repeated. */
  readonly safe: boolean;
  /** Statuses beside success that carry the answer too instead of a problem. */
  readonly alsoAnswers?: readonly number[] | undefined;
  /** `nothing` for a route that answers with an empty 204. */
  readonly answer: Shape | 'nothing';
}

/** What differs from one sending of a request to the next. */
export interface HttpAttempt {
  readonly token: string | null;
  readonly signal: AbortSignal | undefined;
}

/** What the transport needs. */
export interface HttpOptions {
  readonly baseUrl: string;
  readonly headers: () => Promise<Readonly<Record<string, string>>>;
  readonly credentials: RequestCredentials;
  readonly fetch: typeof fetch | undefined;
  readonly retry: RetryRule;
  readonly timeoutMs: number;
  readonly clientName: string;
  readonly now: () => number;
}

/** Sends one request, repeats it where that is right, and answers with a checked answer or throws a `ClientError`. */
export type Http = <Answer>(request: HttpRequest, attempt: HttpAttempt) => Promise<Answer>;

/** The one place that calls ky. */
export function createHttp(options: HttpOptions): Http {
  return async <Answer>(request: HttpRequest, attempt: HttpAttempt): Promise<Answer> => {
    const { method, path } = addressOf(request.route, request.parameters);
    const address = resolveAddress(options.baseUrl, path);
    attempt.signal?.throwIfAborted();
    const headers = {
      ...(await options.headers()),
      accept: 'application/json',
      'x-tallykit-client': options.clientName,
      ...(attempt.token === null ? {} : { authorization: `Bearer ${attempt.token}` }),
    };
    let text: string;
    try {
      text = await ky(address, {
        method,
        headers,
        credentials: options.credentials,
        cache: 'no-store',
        ...(request.query === undefined ? {} : { searchParams: searchParamsOf(request.query) }),
        ...(request.body === undefined ? {} : { json: request.body }),
        ...(attempt.signal === undefined ? {} : { signal: attempt.signal }),
        ...(options.fetch === undefined ? {} : { fetch: options.fetch }),
        throwHttpErrors: (status) => request.alsoAnswers?.includes(status) !== true,
        timeout: options.timeoutMs,
        retry: retryOptions(options, request.safe ? method : null),
      }).text();
    } catch (error) {
      attempt.signal?.throwIfAborted();
      throw translate(error, request.route, options);
    }
    if (request.answer === 'nothing') return undefined as Answer;
    return checkAnswer<Answer>(text, request.route, request.answer);
  };
}

function searchParamsOf(query: NonNullable<HttpRequest['query']>): [string, string][] {
  return Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [value].flat().map((each): [string, string] => [name, String(each)]),
  );
}

function retryOptions({ retry, now }: HttpOptions, method: string | null): NonNullable<Options['retry']> {
  return {
    limit: method === null ? 0 : retry.limit,
    methods: method === null ? [] : [method.toLowerCase()],
    statusCodes: [...retriedStatuses],
    afterStatusCodes: [429, 503],
    delay: retry.delayMs,
    shouldRetry: ({ error }) => {
      if (!isHTTPError(error)) return undefined;
      const wait = retryAfterMsOf(error.response.headers.get('retry-after'), now());
      // Coming back earlier than asked would only be refused again; better to say so now.
      return wait !== null && wait > retry.maxRetryAfterMs ? false : undefined;
    },
  };
}

// ky's errors hold the request, and with it the token. They stay behind here, because hosts send errors to their logs.
function translate(error: unknown, route: Route, { timeoutMs, now }: HttpOptions): unknown {
  if (isHTTPError(error)) {
    const { status, statusText, headers } = error.response;
    const problem = readProblem({
      status,
      statusText,
      contentType: headers.get('content-type'),
      body: error.data,
    });
    return new ProblemError(problem, { retryAfterMs: retryAfterMsOf(headers.get('retry-after'), now()) });
  }
  if (isTimeoutError(error)) return new TimeoutError(route, timeoutMs);
  if (isNetworkError(error)) return new ConnectionError(route, error.cause);
  // Reading a body that breaks off is reported in a different way by each runtime.
  if (error instanceof TypeError || (error instanceof Error && error.name === 'AbortError')) {
    return new ConnectionError(route, error);
  }
  return error;
}

function resolveAddress(baseUrl: string, path: string): string {
  const base = baseUrl.endsWith('/') ? baseUrl : `${baseUrl}/`;
  if (/^https?:\/\//i.test(base)) return `${base}${path}`;
  const page = globalThis.location?.href;
  if (page === undefined) {
    throw new TypeError(
      `baseUrl ${JSON.stringify(baseUrl)} is relative and there is no page to resolve it against. ` +
        'On a server, pass an absolute address to createClient.',
    );
  }
  return new URL(`${base}${path}`, page).href;
}
