import type { CallRecorder, ObservedCall } from './call-recorder.ts';
import { attemptEnd } from './classify-error.ts';
import { install, type Method } from './install.ts';
import { safely } from './observe-promise.ts';

/** Under this key a call rides in the SDK's own request options, which it hands from attempt to attempt. */
export const callKey = Symbol.for('tallykit.call');

type Options = { readonly [callKey]?: ObservedCall };

/** Lets an observer see the parameters of a method before it runs. */
function precede(recorder: CallRecorder, client: object, name: string, observe: Method): void {
  install(
    client,
    name,
    (original) =>
      function (this: unknown, ...parameters) {
        safely(recorder, () => observe(...parameters));
        return original.apply(this, parameters);
      },
  );
}

/**
 * Tells calls about the retries that an SDK makes inside itself: one that Stainless generated, as those of OpenAI and
 * Anthropic are. Where a future SDK has no such methods, its retries stay invisible and nothing else changes.
 */
export function watchAttempts(client: object, recorder: CallRecorder): void {
  const answers = new WeakMap<object, number>();
  precede(recorder, client, 'shouldRetry', (response) => {
    const { headers, status } = response as { headers: object; status: number };
    answers.set(headers, status);
  });
  precede(recorder, client, 'retryRequest', (options, ...rest) => {
    // The headers of an answer stand at a place that differs; a connection that failed has none.
    const status = rest.map((part) => answers.get(part as object)).find(Boolean);
    (options as Options)[callKey]?.attemptFailed(attemptEnd(status));
  });
  // A tracked fetch function under this client knows by it that the call is counted.
  precede(recorder, client, 'prepareRequest', (request, made) => {
    const call = (made as { readonly options?: Options }).options?.[callKey];
    if (call) Object.assign(request as object, { [callKey]: call });
  });
  precede(recorder, client, 'makeRequest', (options) => (options as Options)[callKey]?.attemptStarted());
}
