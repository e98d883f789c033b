import type { CallRecorder, ObservedCall } from '../../observe/call-recorder.ts';
import { attemptEnd } from '../../observe/classify-error.ts';
import { safely } from '../../observe/observe-promise.ts';
import { install } from '../../observe/install.ts';
import { callKey } from '../../observe/watch-attempts.ts';

/** A call and what is known of its attempts until now. */
interface Attempts {
  readonly call: ObservedCall;
  made: number;
  /** HTTP status of the last failed one. */
  status?: number | undefined;
}

/** By the context that the SDK makes for a call and hands to its hooks. */
const attempts = new WeakMap<object, Attempts>();
const watched = new WeakSet<object>();

/**
 * Links the calls of one resource to the attempts that the SDK makes for them: the call rides in the options of the
 * request, beside which the SDK makes the context of its hooks.
 */
export function watchRequests(resource: object, recorder: CallRecorder): void {
  install(
    resource,
    '_createRequest',
    (original) =>
      function (this: unknown, ...parameters) {
        safely(recorder, () => {
          const [context, , options] = parameters as [
            object,
            unknown,
            { [callKey]?: ObservedCall } | undefined,
          ];
          const call = options?.[callKey];
          if (call) attempts.set(context, { call, made: 0 });
        });
        return original.apply(this, parameters);
      },
  );
  const { hooks } = ((resource as { _options?: unknown })._options ?? {}) as { hooks?: object };
  // All clients made of the same options share their hooks.
  if (!hooks || watched.has(hooks)) return;
  watched.add(hooks);
  install(
    hooks,
    'beforeRequest',
    (original) =>
      function (this: unknown, ...parameters) {
        safely(recorder, () => next(attempts.get(parameters[0] as object)));
        return original.apply(this, parameters);
      },
  );
  install(
    hooks,
    'afterError',
    (original) =>
      function (this: unknown, ...parameters) {
        safely(recorder, () => {
          const known = attempts.get(parameters[0] as object);
          if (known) known.status = (parameters[1] as { status?: number } | null)?.status;
        });
        return original.apply(this, parameters);
      },
  );
}

/** An attempt goes out. When it is not the first, the one before it failed. */
function next(known: Attempts | undefined): void {
  if (!known) return;
  const { call, status } = known;
  if (known.made++) {
    call.attemptFailed(attemptEnd(status));
    call.attemptStarted();
  }
  known.status = undefined;
}
