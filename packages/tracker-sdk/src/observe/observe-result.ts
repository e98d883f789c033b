import type { ObservedCall } from './call-recorder.ts';
import { type CallObserver, safely } from './observe-promise.ts';

/**
 * Makes a call whose SDK gives plain promises, after the budgets of its scope have admitted it. The host gets the
 * SDK's own promise while nothing has to be waited for, so that subclasses and their helpers stay whole.
 */
export function observeResult<Result extends Promise<unknown>>(
  perform: () => Result,
  { call, recorder, endOf }: CallObserver,
  onValue: (value: Awaited<Result>) => void,
): Result {
  const made = (): Result => {
    try {
      const promise = recorder.within(call, perform);
      // Two listeners of our own: a failure that the host forgets about must stay unhandled, and does, on its promise.
      promise.then(
        (value) => safely(recorder, () => onValue(value as Awaited<Result>)),
        (error: unknown) => safely(recorder, () => call.end(endOf(error))),
      );
      return promise;
    } catch (error) {
      safely(recorder, () => call.end(endOf(error)));
      throw error;
    }
  };
  return recorder.admit ? (admitted(recorder.admit(call), call, made) as Result) : made();
}

async function admitted<Result>(
  admission: Promise<void>,
  call: ObservedCall,
  made: () => Promise<Result>,
): Promise<Result> {
  try {
    await admission;
  } catch (error) {
    // Refused by a budget: no call was made.
    call.drop();
    throw error;
  }
  return made();
}
