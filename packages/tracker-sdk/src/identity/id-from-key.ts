import { uuidV7 } from './identifiers.ts';

/**
 * The same id for the same text and time: a repeated business event is then counted once. The text is spread over
 * the id's 74 free bits with four multiplicative hashes; it is not a secret and needs no cryptography.
 */
export function idFromKey(key: string, milliseconds: number): string {
  const words = new Uint32Array([0x9e3779b9, 0x85ebca6b, 0xc2b2ae35]);
  for (let index = 0; index < key.length; index++) {
    const code = key.charCodeAt(index);
    for (let word = 0; word < 3; word++) {
      const mixed = Math.imul((words[word] ?? 0) ^ code, 0x01000193 + word * 0x2f0b4d2);
      words[word] = mixed ^ (mixed >>> 15);
    }
  }
  // Every word has a part in every other, so that short keys fill all bits.
  for (let round = 0; round < 6; round++) {
    const word = round % 3;
    const mixed = Math.imul((words[word] ?? 0) ^ (words[(word + 1) % 3] ?? 0), 0x7feb352d);
    words[word] = mixed ^ (mixed >>> 16);
  }
  return uuidV7(milliseconds, new Uint8Array(words.buffer), 0);
}
