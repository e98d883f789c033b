import type { ObservedCall } from './call-recorder.ts';
import { type CallObserver, safely } from './observe-promise.ts';

/**
 * Makes a call whose SDK gives plain promises, after the budgets of its scope have admitted it. A promise of a class of
 * the SDK's own goes to the host itself while nothing has to be waited for, so that it and its helpers stay whole.
 */
export function observeResult<Result extends Promise<unknown>>(
  perform: () => Result,
  { call, recorder, endOf }: CallObserver,
  onValue: (value: Awaited<Result>) => void,
): Result {
  const made = (): Result => {
    try {
      const promise = recorder.within(call, perform);
      const ended = (error: unknown): void => safely(recorder, () => call.end(endOf(error)));
      const answered = (value: unknown): unknown => {
        safely(recorder, () => onValue(value as Awaited<Result>));
        return value;
      };
      // Listening beside the host makes a failure that it forgets about look handled; in its way, it stays what it is.
      if (Object.getPrototypeOf(promise) === Promise.prototype) {
        return promise.then(answered, (error: unknown) => {
          ended(error);
          throw error;
        }) as Result;
      }
      promise.then(answered, ended);
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
