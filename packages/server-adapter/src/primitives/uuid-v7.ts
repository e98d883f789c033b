import { createHash } from 'node:crypto';

const timeLimit = 2 ** 48;
const hexDigits = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

function writeTime(bytes: Uint8Array, ms: number): void {
  if (!Number.isInteger(ms) || ms < 0 || ms >= timeLimit) {
    throw new RangeError(`${ms} does not fit a UUIDv7. Pass whole Unix milliseconds from 1970 on.`);
  }
  const high = Math.floor(ms / 65_536);
  new DataView(bytes.buffer, bytes.byteOffset).setUint32(0, high);
  bytes[4] = (ms >>> 8) & 0xff;
  bytes[5] = ms & 0xff;
}

function format(bytes: Uint8Array): string {
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x70;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  let text = '';
  for (let index = 0; index < 16; index += 1) {
    if (index === 4 || index === 6 || index === 8 || index === 10) text += '-';
    text += hexDigits[bytes[index] ?? 0];
  }
  return text;
}

/**
 * A new UUIDv7: its first 48 bits are `ms` (Unix milliseconds), the rest random.
 *
 * @example
 * uuidV7(clock.now()); // '019aa0b1-...'
 */
export function uuidV7(
  ms: number,
  random: (bytes: Uint8Array<ArrayBuffer>) => void = (bytes) => void crypto.getRandomValues(bytes),
): string {
  const bytes = new Uint8Array(16);
  random(bytes);
  writeTime(bytes, ms);
  return format(bytes);
}

/**
 * The Unix milliseconds of a UUIDv7.
 *
 * @example
 * timeOfUuidV7(uuidV7(1_700_000_000_000)); // 1700000000000
 */
export function timeOfUuidV7(id: string): number {
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}

/**
 * The least id of a millisecond. A span `[from, to)` of time is the span `[smallestUuidV7(from), smallestUuidV7(to))` of ids.
 *
 * @example
 * smallestUuidV7(0); // '00000000-0000-7000-8000-000000000000'
 */
export function smallestUuidV7(ms: number): string {
  const bytes = new Uint8Array(16);
  writeTime(bytes, ms);
  return format(bytes);
}

/** What a derived id is made from. */
export interface DerivedIdParts {
  /** The source's own milliseconds. */
  readonly ms: number;
  readonly organizationId: string;
  /** The kind of source, for example `otlp`. */
  readonly source: string;
  /** The source's own id. */
  readonly sourceId: string;
}

/**
 * The id of something that another source named: the same parts always give the same id, so a second delivery is a
 * duplicate. 74 bits come from SHA-256 over organization, source and source id.
 *
 * @example
 * derivedUuidV7({ ms, organizationId: 'acme', source: 'otlp', sourceId: `${traceId}:${spanId}` });
 */
export function derivedUuidV7({ ms, organizationId, source, sourceId }: DerivedIdParts): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([organizationId, source, sourceId]))
    .digest();
  const bytes = new Uint8Array(16);
  bytes.set(digest.subarray(0, 10), 6);
  writeTime(bytes, ms);
  return format(bytes);
}
