import type { CallRecorder, ObservedCall } from '../../observe/call-recorder.ts';
import { failedEnd, statusEnd } from '../../observe/classify-error.ts';
import { safely } from '../../observe/observe-promise.ts';

/** Under this key a call rides in the SDK's own request options, which it hands from attempt to attempt. */
export const callKey = Symbol.for('tallykit.call');

type Options = { readonly [callKey]?: ObservedCall };

/** A method of the SDK, of which nothing is assumed. */
export type Method = (...parameters: unknown[]) => unknown;

/** Puts a method of our own in front of one that the object has or inherits. Does nothing when there is none. */
export function install(target: unknown, name: string, replace: (original: Method) => Method): void {
  const original = (target as Record<string, unknown> | null | undefined)?.[name];
  if (typeof original !== 'function') return;
  const value = replace(original as Method);
  Object.defineProperty(target, name, { value, writable: true, configurable: true });
}

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
 * Tells calls about the retries that the SDK makes inside itself. Where a future SDK has no such methods, its
 * retries stay invisible and nothing else changes.
 */
export function watchAttempts(client: object, recorder: CallRecorder): void {
  const answers = new WeakMap<object, number>();
  precede(recorder, client, 'shouldRetry', (response) => {
    const { headers, status } = response as { headers: object; status: number };
    answers.set(headers, status);
  });
  precede(recorder, client, 'retryRequest', (options, _remaining, _id, headers) => {
    const status = answers.get((headers ?? options) as object);
    (options as Options)[callKey]?.attemptFailed(
      status ? statusEnd(status) : failedEnd('', 'connection_failed'),
    );
  });
  precede(recorder, client, 'makeRequest', (options) => (options as Options)[callKey]?.attemptStarted());
}
