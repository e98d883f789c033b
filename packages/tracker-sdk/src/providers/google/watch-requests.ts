import type { CallRecorder, ObservedCall } from '../../observe/call-recorder.ts';
import { attemptEnd } from '../../observe/classify-error.ts';
import { safely } from '../../observe/observe-promise.ts';
import type { Method } from '../../observe/install.ts';

type Fetch = (...parameters: unknown[]) => Promise<{ readonly status?: unknown }>;

/** What is relied on in the SDK's own HTTP client. */
interface ApiClient {
  readonly apiCall?: unknown;
}

/**
 * The object that a call of the SDK runs on, seen by this call alone: its HTTP client tells the call of each attempt that
 * the SDK makes. Nothing of the host's own objects changes. Where an SDK has no place for it, its retries stay
 * invisible.
 */
export function watchRequests(models: object, call: ObservedCall, recorder: CallRecorder): object {
  const { apiClient } = models as { readonly apiClient?: ApiClient };
  const apiCall = apiClient?.apiCall as Method | undefined;
  if (!apiClient || typeof apiCall !== 'function') return models;
  const seen = Object.create(apiClient, {
    apiCall: {
      value(this: unknown, ...parameters: unknown[]) {
        // Since its second major version the SDK takes a fetch function here. Without retries there is nothing to see.
        const [, , retries, , , given] = parameters;
        if (retries && apiCall.length > 5)
          parameters[5] = countAttempts((given ?? fetch) as Fetch, call, recorder);
        return apiCall.apply(this, parameters);
      },
    },
  }) as object;
  return Object.create(models, { apiClient: { value: seen } }) as object;
}

/** A fetch function that tells a call when a failed attempt is followed by another one. */
function countAttempts(inner: Fetch, call: ObservedCall, recorder: CallRecorder): Fetch {
  let last: number | undefined;
  return (...parameters) => {
    safely(recorder, () => {
      if (last === undefined) return;
      call.attemptFailed(attemptEnd(last));
      call.attemptStarted();
    });
    last = 0;
    const answer = inner(...parameters);
    answer.then(
      ({ status }) => (last = Number(status)),
      () => undefined,
    );
    return answer;
  };
}
