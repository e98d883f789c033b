import { classifyStatus } from '../../observe/classify-error.ts';
import type { CallRecorder } from '../../observe/call-recorder.ts';
import type { ObservedCall } from '../../observe/observe-call.ts';
import { safely } from '../../observe/observe-promise.ts';

/** Under this key a call rides in the SDK's own request options, which it hands from attempt to attempt. */
export const callKey = Symbol.for('tallykit.call');

type Options = { readonly [callKey]?: ObservedCall } | undefined;
type Method = (...parameters: unknown[]) => unknown;

/** Puts a method of our own in front of one that the object has or inherits. Does nothing when there is none. */
export function install(target: object, name: string, replace: (original: Method) => Method): void {
  const original = (target as Record<string, unknown>)[name];
  if (typeof original !== 'function') return;
  const value = replace(original as Method);
  Object.defineProperty(target, name, { value, writable: true, configurable: true, enumerable: false });
}

/**
 * Tells calls about the retries that the SDK makes inside itself. Where a future SDK has no such methods, its
 * retries stay invisible and nothing else changes.
 */
export function watchAttempts(client: object, recorder: CallRecorder): void {
  const statuses = new WeakMap<object, number>();

  install(
    client,
    'shouldRetry',
    (original) =>
      function (this: unknown, response, ...rest) {
        const { headers, status } = response as { headers: object; status: number };
        statuses.set(headers, status);
        return original.call(this, response, ...rest);
      },
  );
  install(
    client,
    'retryRequest',
    (original) =>
      function (this: unknown, options, remaining, id, headers, ...rest) {
        safely(recorder, () => {
          const httpStatus = statuses.get((headers ?? {}) as object);
          const errorClass = httpStatus === undefined ? 'connection_failed' : classifyStatus(httpStatus);
          (options as Options)?.[callKey]?.attemptFailed({
            status: 'error',
            complete: httpStatus !== undefined,
            errorClass,
            httpStatus,
          });
        });
        return original.call(this, options, remaining, id, headers, ...rest);
      },
  );
  install(
    client,
    'makeRequest',
    (original) =>
      function (this: unknown, options, remaining, retryOf, ...rest) {
        if (retryOf !== undefined) safely(recorder, () => (options as Options)?.[callKey]?.attemptStarted());
        return original.call(this, options, remaining, retryOf, ...rest);
      },
  );
}
