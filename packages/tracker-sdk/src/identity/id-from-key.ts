import { uuidV7 } from './identifiers.ts';

/**
 * The same id for the same text and time: a repeated business event is then counted once. The text is spread over the
 * id's free bits by three hashes that differ in where they begin; it is no secret and needs no cryptography.
 */
export function idFromKey(key: string, milliseconds: number): string {
  const [first, ...rest] = [1, 2, 3].map((seed) => {
    let hash = seed * 0x1f123bb5;
    for (let index = 0; index < key.length; index++) {
      hash = Math.imul(hash ^ key.charCodeAt(index), 0x9e3779b1);
      hash ^= hash >>> 15;
    }
    return ((hash >>> 0) + 2 ** 32).toString(16).slice(-6);
  });
  return uuidV7(milliseconds, `${' '.repeat(15)}${first?.slice(3)}-a${first?.slice(0, 3)}-${rest.join('')}`);
}
