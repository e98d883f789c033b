/** Fills a byte array with random bytes. */
export type FillRandom = (target: Uint8Array<ArrayBuffer>) => unknown;

/** Draws this many random hex digits. */
export type RandomHex = (digits: number) => string;

/** Draws random bytes in larger portions, because asking the system for ten at a time costs more than the id. */
export function createRandomHex(random: FillRandom): RandomHex {
  const bytes = new Uint8Array(1024);
  let pool = '';
  return (digits) => {
    if (pool.length < digits) {
      random(bytes);
      pool = Array.from(bytes, (byte) => (byte + 256).toString(16).slice(1)).join('');
    }
    const drawn = pool.slice(0, digits);
    pool = pool.slice(digits);
    return drawn;
  };
}

/** A UUIDv7 of these Unix milliseconds and 18 hex digits, which are 72 of its 74 free bits. */
export function uuidV7(milliseconds: number, digits: string): string {
  const time = (2 ** 48 + Math.floor(milliseconds)).toString(16).slice(1);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${digits.slice(0, 3)}-a${digits.slice(3, 6)}-${digits.slice(6)}`;
}
