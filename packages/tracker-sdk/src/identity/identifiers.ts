/** Makes a random UUID of version 4, like `crypto.randomUUID`. */
export type RandomUuid = () => string;

/** A UUIDv7 of these Unix milliseconds that is otherwise like the given UUID. */
export function uuidV7(milliseconds: number, uuid: string): string {
  const time = (2 ** 48 + Math.floor(milliseconds)).toString(16).slice(1);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${uuid.slice(15)}`;
}

/** Makes ids of version 7 that sort in the order in which they were made, also within one millisecond. */
export function orderedIds(randomUUID: RandomUuid): (milliseconds: number) => string {
  let latest = 0;
  let place = 0;
  return (milliseconds) => {
    place = milliseconds === latest ? (place + 1) % 4096 : 0;
    latest = milliseconds;
    const uuid = randomUUID();
    return uuidV7(milliseconds, uuid.slice(0, 15) + (place + 4096).toString(16).slice(1) + uuid.slice(18));
  };
}
