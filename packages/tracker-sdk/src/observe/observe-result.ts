import type { ObservedCall } from './call-recorder.ts';
import { type CallObserver, safely } from './observe-promise.ts';
import { seePromise } from './see-promise.ts';

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
      return seePromise(
        recorder.within(call, perform),
        (value) => safely(recorder, () => onValue(value)),
        (error) => safely(recorder, () => call.end(endOf(error))),
      );
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
