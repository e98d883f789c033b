/** Numbers from 0 (inclusive) to 1 (exclusive), the same ones for the same seed. Not for secrets. */
export type Random = () => number;

/** A small generator (mulberry32) seeded by text, so that a day's traffic is the same on every machine. */
export function seededRandom(seed: string): Random {
  let state = 0x811c9dc5;
  for (const character of seed) state = Math.imul(state ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** One of `choices`, each as likely as its weight. */
export function pickWeighted<Choice extends { readonly weight: number }>(
  choices: readonly Choice[],
  random: Random,
): Choice {
  let rest = random() * choices.reduce((sum, choice) => sum + choice.weight, 0);
  const found = choices.find((choice) => (rest -= choice.weight) < 0) ?? choices.at(-1);
  if (!found) throw new Error('There is nothing to pick from.');
  return found;
}
