/** Makes a random UUID of version 4, like `crypto.randomUUID`. */
export type RandomUuid = () => string;

/** A UUIDv7 of these Unix milliseconds that is otherwise like the given UUID. */
export function uuidV7(milliseconds: number, uuid: string): string {
  const time = (2 ** 48 + Math.floor(milliseconds)).toString(16).slice(1);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${uuid.slice(15)}`;
}
