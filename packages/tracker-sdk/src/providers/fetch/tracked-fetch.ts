import type {
  CallEnd,
  CallRecorder,
  CallRequest,
  CallSource,
  ObservedCall,
} from '../../observe/call-recorder.ts';
import { abortedEnd, classifyError, statusEnd, unfinishedEnd } from '../../observe/classify-error.ts';
import { safely } from '../../observe/observe-promise.ts';
import { callKey } from '../../observe/watch-attempts.ts';
import { wrapMark } from '../../observe/wrap-mark.ts';
import { fieldsOf, textOf } from '../../observe/read-value.ts';
import { limitOf } from '../openai/read-result.ts';
import { type Endpoint, endpointOf } from './endpoints.ts';
import { readArray, readLines, readValue } from './read-pieces.ts';
import { readRequest, type RequestReading } from './read-request.ts';
import { watchResponse } from './watch-response.ts';

/** A function like the platform's `fetch`. */
export type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

/** Settings of {@link trackedFetch}. */
export interface TrackedFetchOptions {
  /** Makes the requests. Default: the global `fetch` as it is when this is called. */
  readonly fetch?: Fetch | undefined;
  /** Name of the provider on every call. Default: known by the host, such as `openai` or `anthropic`. */
  readonly provider?: string | undefined;
}

/**
 * A `fetch` that counts the model calls among its requests, for clients that have no wrapper and take a fetch function.
 * It knows them by host and path and reads their answers while the host does; every other request and response passes
 * untouched. A call that a wrapped client makes through it is counted by the wrapper alone.
 *
 * @example
 * const client = new Client({ fetch: trackedFetch(tracker) });
 */
export function trackedFetch({ recorder }: CallSource, options: TrackedFetchOptions = {}): Fetch {
  const { fetch: inner = globalThis.fetch, provider } = options;
  if (wrapMark in inner) return inner;
  const tracked: Fetch = (input, init) => {
    // Its wrapper counts it.
    if (init && callKey in init) return inner(input, init);
    let call: ObservedCall | undefined;
    let seen: Seen | undefined;
    safely(recorder, () => {
      seen = recognize(input, init, provider);
      call = seen && startCall(recorder, seen);
    });
    if (!call || !seen) return inner(input, init);
    return observed(() => inner(input, init), { call, recorder, ...seen });
  };
  const value = (next: CallRecorder): Fetch => trackedFetch({ recorder: next }, { fetch: inner, provider });
  return Object.defineProperty(tracked, wrapMark, { value });
}

/** A request to an endpoint that is known. */
interface Seen {
  readonly endpoint: Endpoint;
  readonly request: RequestReading;
}

interface Observation extends Seen {
  readonly call: ObservedCall;
  readonly recorder: CallRecorder;
}

function recognize(
  input: string | URL | Request,
  init: RequestInit | undefined,
  provider?: string,
): Seen | undefined {
  const request = readRequest(input, init);
  const endpoint = request.method === 'POST' && request.url ? endpointOf(request.url) : undefined;
  if (!endpoint || (endpoint.unsure && !request.model())) return undefined;
  return { request, endpoint: { ...endpoint, provider: provider ?? endpoint.provider } };
}

function startCall(recorder: CallRecorder, { endpoint, request }: Seen): ObservedCall {
  const { provider, operation, region, model, format } = endpoint;
  const requestModel = request.model() ?? textOf(model) ?? 'unknown';
  const asked: CallRequest = {
    get body() {
      return request.body();
    },
    get maxOutputTokens() {
      const { generationConfig } = request.body();
      return limitOf(request.body()) ?? fieldsOf(generationConfig)['maxOutputTokens'];
    },
  };
  return recorder.start({ provider, operation, requestModel, region }, format.text ? asked : undefined);
}

async function observed(perform: () => Promise<Response>, observation: Observation): Promise<Response> {
  const { call, recorder, request } = observation;
  if (recorder.admit) {
    try {
      await recorder.admit(call);
    } catch (error) {
      // Refused by a budget: no call was made.
      call.drop();
      throw error;
    }
  }
  try {
    const response = await recorder.within(call, perform);
    let given: Response | undefined;
    safely(recorder, () => (given = observeResponse(response, observation)));
    // What was not taken over for watching tells nothing more.
    if (!given) call.end(untold);
    return given ?? response;
  } catch (error) {
    safely(recorder, () => call.end(classifyError(error, !!request.signal?.aborted)));
    throw error;
  }
}

const untold = unfinishedEnd('usage_absent');

/** The response that the host gets instead; `undefined` when it gets the one that came. */
function observeResponse(
  response: Response,
  { call, recorder, endpoint, request }: Observation,
): Response | undefined {
  const { facts } = call;
  const { format } = endpoint;
  const end = (told: CallEnd): void => {
    if (facts.requestModel === 'unknown') facts.requestModel = facts.responseModel ?? 'unknown';
    call.end(told);
  };
  format.headers(facts, response.headers);
  // A page may not see the status of some answers: that is 0, and nothing else of them is known either.
  if (!response.status) return undefined;
  if (!response.ok) {
    end(statusEnd(response.status));
    return undefined;
  }
  const type = response.headers.get('content-type') ?? '';
  // Bedrock's streams are binary: their usage is not seen.
  if (/eventstream/.test(type)) return undefined;
  if (!/json|event-stream/.test(type)) {
    // Sound and bare text hold no usage, so their bytes pass as they are.
    end(format.whole(facts, {}, request.body()));
    return undefined;
  }
  const inLines = /event-stream|ndjson|json-?lines|stream\+json/.test(type);
  const inArray = !!format.arrays && !!request.url?.pathname.endsWith(':streamGenerateContent');
  const stream = inLines || inArray ? format.stream(facts) : undefined;
  let whole: CallEnd | undefined;
  const pieces = (inLines ? readLines : inArray ? readArray : readValue)((item) =>
    safely(recorder, () => {
      if (stream) call.chunk(stream.item(item) || '');
      else whole = format.whole(facts, item, request.body());
    }),
  );
  const decoder = new TextDecoder();
  const watched = watchResponse(response, {
    recorder,
    bytes: (bytes) => pieces.take(decoder.decode(bytes, { stream: true })),
    ended(left) {
      if (!left) pieces.finish();
      end(stream?.end(!left) ?? whole ?? (left ? abortedEnd : untold));
    },
    failed: (failure) => end(request.signal?.aborted ? abortedEnd : failure),
  });
  if (!watched) recorder.lose('unsupported_sdk');
  return watched;
}
