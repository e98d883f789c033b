/**
 * Sees what comes of a promise, and gives the one for the host. Listening beside the host would make a failure that it
 * forgets about look handled; in its way, it stays what it is. A promise of a class of an SDK's own goes to the host
 * itself, so that it and its helpers stay whole, and what a method of the host's own gives at once is seen at once. What
 * sees must not throw.
 */
export function seePromise<Result extends Promise<unknown>>(
  promise: Result,
  onValue: (value: Awaited<Result>) => void,
  onError: (error: unknown) => void,
): Result {
  const seen = promise as Promise<Awaited<Result>>;
  if (Object.getPrototypeOf(Object(promise)) !== Promise.prototype) {
    const { then } = Object(promise) as Partial<Promise<Awaited<Result>>>;
    if (then) seen.then(onValue, onError);
    else onValue(promise as Awaited<Result>);
    return promise;
  }
  return seen.then(
    (value) => {
      onValue(value);
      return value;
    },
    (error: unknown) => {
      onError(error);
      throw error;
    },
  ) as Promise<unknown> as Result;
}
