import type { CallEnd, KnownFacts } from '../../observe/call-recorder.ts';
import { statusEnd } from '../../observe/classify-error.ts';
import { type CallObserver, safely } from '../../observe/observe-promise.ts';
import { headersOf } from '../../observe/read-headers.ts';
import { readUsage } from './read-usage.ts';

/** The settings that the SDK keeps on each of its objects, as far as they are used. */
export interface FetchOptions {
  readonly fetch?: typeof fetch | undefined;
  /** A whole replacement of how the SDK makes requests. */
  readonly fetcher?: ((parameters: unknown) => unknown) | undefined;
  readonly awsRegion?: unknown;
}

/**
 * The same settings with a fetch that sees each attempt of one call. `admission` is waited for before the first one goes
 * out. The SDK tries again only after an answer with a status, and whether it does shows only when it has.
 */
export function watchFetch(
  options: FetchOptions,
  { call, recorder }: Pick<CallObserver, 'call' | 'recorder'>,
  admission: (() => Promise<void>) | undefined,
): FetchOptions {
  let failure: CallEnd | undefined;
  const { fetcher } = options;

  const watched: typeof fetch = (input, init) => {
    if (failure) {
      call.attemptFailed(failure);
      call.attemptStarted();
      failure = undefined;
    }
    const send = options.fetch ?? fetch;
    return send(input, init).then((response) => {
      if (response.status >= 400) failure = statusEnd(response.status);
      safely(recorder, () => readHeaders(call.facts, response));
      return response;
    });
  };
  let admitted: Promise<void> | undefined;
  const guard = (): Promise<void> => (admitted ??= admission?.() ?? Promise.resolve());
  if (!admission) return { ...options, fetch: watched };
  return {
    ...options,
    fetch: async (input, init) => {
      await guard();
      return watched(input, init);
    },
    ...(fetcher && {
      async fetcher(parameters: unknown) {
        await guard();
        return fetcher(parameters);
      },
    }),
  };
}

/** Takes the id of the request, and the counts that Bedrock puts beside Cohere's answers. */
function readHeaders(facts: KnownFacts, { headers }: Response): void {
  const read = headersOf(headers);
  const requestId = read('x-request-id', 'x-amzn-requestid', 'x-debug-trace-id');
  if (requestId) facts.providerIds = { requestId };
  const count = (name: string): number | undefined => {
    const text = read(`x-amzn-bedrock-${name}-token-count`);
    return text && /^\d+$/.test(text) ? Number(text) : undefined;
  };
  const counts = { inputTokens: count('input'), outputTokens: count('output') };
  Object.assign(facts, readUsage({ billedUnits: counts }));
}
