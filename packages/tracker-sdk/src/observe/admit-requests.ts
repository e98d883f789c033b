import type { CallRecorder, ObservedCall } from './call-recorder.ts';
import { install } from './install.ts';
import { callKey } from './watch-attempts.ts';

/**
 * Lets budgets decide on a call before an SDK that Stainless generated sends its first request: its own hook is one that
 * it waits for anyway. Does nothing when no budgets guard the calls, so that nothing is waited for.
 */
export function admitRequests(client: object, { admit }: CallRecorder): void {
  if (!admit) return;
  const admitted = new WeakSet<ObservedCall>();
  install(
    client,
    'prepareOptions',
    (original) =>
      async function (this: unknown, ...parameters) {
        const call = (parameters[0] as { readonly [callKey]?: ObservedCall })[callKey];
        // A retry of the SDK is the same call.
        if (call && !admitted.has(call)) {
          admitted.add(call);
          await admit(call).catch((error: unknown) => {
            call.drop();
            throw error;
          });
        }
        return original.apply(this, parameters);
      },
  );
}
