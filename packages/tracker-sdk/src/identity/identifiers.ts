/** Fills a byte array with random bytes. */
export type FillRandom = (target: Uint8Array<ArrayBuffer>) => unknown;

/** Draws this many random hex digits. */
export type RandomHex = (digits: number) => string;

/** Draws random bytes in larger portions, because asking the system for ten at a time costs more than the id. */
export function createRandomHex(random: FillRandom): RandomHex {
  const bytes = new Uint8Array(1024);
  let pool = '';
  let used = 0;
  return (digits) => {
    if (used + digits > pool.length) {
      random(bytes);
      pool = Array.from(bytes, (byte) => (byte + 256).toString(16).slice(1)).join('');
      used = 0;
    }
    used += digits;
    return pool.slice(used - digits, used);
  };
}

/** A UUIDv7 of these Unix milliseconds. Of the hex digits, 19 are used: 74 of their 76 bits. */
export function uuidV7(milliseconds: number, digits: string): string {
  const time = Math.max(0, Math.floor(milliseconds)).toString(16).padStart(12, '0');
  const variant = '89ab'[Number.parseInt(digits[3] ?? '', 16) & 3];
  return `${time.slice(0, 8)}-${time.slice(8)}-7${digits.slice(0, 3)}-${variant}${digits.slice(4, 7)}-${digits.slice(7, 19)}`;
}
