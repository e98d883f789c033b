/** CPU microseconds that this process spent on `work`. */
export async function cpuOf(work: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

/** Wall milliseconds that `work` took. */
export async function wallOf(work: () => Promise<void>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

/**
 * Runs two ways of doing the same thing in turns, so that a noisy neighbour disturbs both alike. The first `warmup`
 * rounds are thrown away, and each round begins with the other one.
 */
export async function interleave(options: {
  readonly rounds: number;
  readonly warmup: number;
  readonly bare: () => Promise<number>;
  readonly ours: () => Promise<number>;
}): Promise<readonly { readonly bare: number; readonly ours: number }[]> {
  const pairs: { bare: number; ours: number }[] = [];
  for (let round = 0; round < options.rounds + options.warmup; round++) {
    globalThis.gc?.();
    let bare: number;
    let ours: number;
    if (round % 2 === 0) {
      bare = await options.bare();
      ours = await options.ours();
    } else {
      ours = await options.ours();
      bare = await options.bare();
    }
    if (round >= options.warmup) pairs.push({ bare, ours });
  }
  return pairs;
}

/** Does `work` `count` times, at most `atOnce` at a time. */
export async function repeat(
  count: number,
  atOnce: number,
  work: (index: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (let index = next++; index < count; index = next++) await work(index);
    }),
  );
}
