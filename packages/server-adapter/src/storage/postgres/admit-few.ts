/** Runs work once there is room for it; what waits is admitted in the order in which it came. */
export type AdmitFew = <Result>(work: () => Promise<Result>) => Promise<Result>;

/**
 * Lets at most `limit` pieces of work run at a time, so that work which waits for locks cannot take every connection.
 *
 * @example
 * const admit = admitFew(4);
 * await admit(() => database.transaction(work));
 */
export function admitFew(limit: number): AdmitFew {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (work) => {
    if (running < limit) running += 1;
    else await new Promise<void>((admitted) => waiting.push(admitted));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      // The place goes to whoever is next, so nobody who comes now can take it.
      if (next === undefined) running -= 1;
      else next();
    }
  };
}
