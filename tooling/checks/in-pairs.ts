/**
 * Runs tasks two at a time, because the smallest machine that runs the checks has two cores.
 *
 * @returns results in the order of the tasks.
 */
export async function inPairs<T>(tasks: readonly (() => Promise<T>)[]): Promise<readonly T[]> {
  const results = new Map<number, T>();
  const waiting = tasks.entries();
  const lane = async (): Promise<void> => {
    for (const [index, task] of waiting) results.set(index, await task());
  };
  await Promise.all([lane(), lane()]);
  return tasks.map((_, index) => results.get(index) as T);
}
