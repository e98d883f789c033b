/** Fills a byte array with random bytes. */
export type FillRandom = (target: Uint8Array<ArrayBuffer>) => unknown;

/** Makes the ids of one tracker. */
export interface Identifiers {
  /** A UUIDv7 whose first 48 bits are these Unix milliseconds. */
  readonly uuid: (milliseconds: number) => string;
  /** A W3C trace id: 32 hex digits. */
  readonly traceId: () => string;
  /** A number from 0 to below 1, for jitter. */
  readonly fraction: () => number;
}

const hexOfByte = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
const poolSize = 1024;

/** The 36 characters of a UUIDv7 from its time and ten more bytes, of which 74 bits are used. */
export function uuidV7(milliseconds: number, bytes: Uint8Array, offset: number): string {
  const hex = (index: number, mask = 255, mark = 0): string =>
    hexOfByte[((bytes[offset + index] ?? 0) & mask) | mark] ?? '';
  const time = Math.max(0, Math.floor(milliseconds)).toString(16).padStart(12, '0');
  return (
    `${time.slice(0, 8)}-${time.slice(8)}-${hex(0, 15, 112)}${hex(1)}-${hex(2, 63, 128)}${hex(3)}-` +
    `${hex(4)}${hex(5)}${hex(6)}${hex(7)}${hex(8)}${hex(9)}`
  );
}

/** Draws random bytes in larger portions, because asking the system for ten at a time costs more than the id. */
export function createIdentifiers(random: FillRandom): Identifiers {
  const pool = new Uint8Array(poolSize);
  let used = poolSize;
  const take = (size: number): number => {
    if (used + size > poolSize) {
      random(pool);
      used = 0;
    }
    used += size;
    return used - size;
  };
  return {
    uuid: (milliseconds) => uuidV7(milliseconds, pool, take(10)),
    traceId: () => {
      const offset = take(16);
      let id = '';
      for (let index = 0; index < 16; index++) id += hexOfByte[pool[offset + index] ?? 0];
      // All zeros means "no trace" to every reader.
      return /[^0]/.test(id) ? id : `${id.slice(1)}1`;
    },
    fraction: () => (pool[take(1)] ?? 0) / 256,
  };
}
