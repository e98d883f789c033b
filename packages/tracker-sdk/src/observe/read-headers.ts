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
    for (const name of names) {
      const text = textOf(typeof get === 'function' ? get.call(headers, name) : fields[name]);
      if (text) return text;
    }
    return undefined;
  };
