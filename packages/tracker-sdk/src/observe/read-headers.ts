import { fieldsOf, textOf } from './read-value.ts';

/**
 * Finds text in the headers of an answer or of an error, which may be of any kind: the first one of these names that is
 * there.
 */
export const headersOf =
  (headers: unknown) =>
  (...names: readonly string[]): string | undefined => {
    const fields = fieldsOf(headers);
    const { get } = fields;
    return names
      .map((name) => textOf(typeof get === 'function' ? get.call(headers, name) : fields[name]))
      .find(Boolean);
  };
