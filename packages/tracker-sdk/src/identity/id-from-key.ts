import { uuidV7 } from './identifiers.ts';

/**
 * The same id for the same text and time: a repeated business event is then counted once. The text is spread over the
 * id's 74 free bits by three hashes that differ in where they begin; it is no secret and needs no cryptography.
 */
export function idFromKey(key: string, milliseconds: number): string {
  const digits = [0x9e3779b9, 0x85ebca6b, 0xc2b2ae35].map((seed) => {
    let hash = seed;
    for (let index = 0; index < key.length; index++) {
      hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193 ^ (seed & 0xff00));
      hash ^= hash >>> 15;
    }
    return (hash >>> 0).toString(16).padStart(8, '0');
  });
  return uuidV7(milliseconds, digits.join(''));
}
