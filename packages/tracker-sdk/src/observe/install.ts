import { fieldsOf } from './read-value.ts';

/** A method of the SDK, of which nothing is assumed. */
export type Method = (...parameters: unknown[]) => unknown;

/** Puts a value in the place of one that an object has or inherits, as if it had always been the object's own. */
export function put(target: object, name: PropertyKey, value: unknown): void {
  Object.defineProperty(target, name, { value, writable: true, configurable: true });
}

/** Puts a method of our own in front of one that the object has or inherits. `false` when there is none. */
export function install(target: unknown, name: PropertyKey, replace: (original: Method) => Method): boolean {
  const original = (target as Record<PropertyKey, unknown> | null | undefined)?.[name];
  if (typeof original !== 'function') return false;
  put(target as object, name, replace(original as Method));
  return true;
}

/** What is at a place of a client, such as `chat.completions`. */
export const placeIn = (client: object, keys: readonly string[]): unknown =>
  keys.reduce<unknown>((holder, key) => fieldsOf(holder)[key], client);

/** Puts a method in front of the one at a place of a client, such as `chat.completions.create`, where there is one. */
export function installAt(client: object, path: string, replace: (original: Method) => Method): void {
  const keys = path.split('.');
  const name = keys.pop() ?? '';
  install(placeIn(client, keys), name, replace);
}
