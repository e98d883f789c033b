const mark = '\uFFFF';
const escapes = /\\(u0000|ud[89a-f][0-9a-f]{2}|[^u]|u)/g;

/**
 * JSON that PostgreSQL can look into. It takes a NUL or half a surrogate pair when it stores JSON, and then fails when it
 * reads any field of it. Both are rare and legal in a tag, so they are marked by a code point that is no character.
 *
 * @example
 * fromStorableJson(toStorableJson({ note: 'a\u0000b' })); // { note: 'a\u0000b' }
 */
export function toStorableJson(value: unknown): string {
  const text = JSON.stringify(value);
  if (!text.includes('\\u') && !text.includes(mark)) return text;
  return text
    .replaceAll(mark, `${mark}ffff`)
    .replace(escapes, (whole, what: string) => (what.length === 5 ? mark + what.slice(1) : whole));
}

/** What {@link toStorableJson} was given. */
export function fromStorableJson(text: string): unknown {
  return JSON.parse(text.includes(mark) ? text.replace(/\uFFFF([0-9a-f]{4})/g, '\\u$1') : text);
}
