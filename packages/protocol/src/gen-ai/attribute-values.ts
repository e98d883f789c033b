import type { SpanAttributes, SpanAttributeValue } from './gen-ai-span.ts';

/** The longest name or id that an event takes. */
const longestName = 200;
// eslint-disable-next-line no-control-regex -- control characters are what is being excluded
const controlCharacters = /[\u0000-\u001f\u007f]/g;

/**
 * An id as it is, or nothing: a shortened id would be another one. Numbers count as ids, since databases have them.
 */
export function idOf(value: SpanAttributeValue | undefined): string | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const text = String(value);
  if (text.length === 0 || text.length > longestName) return undefined;
  return text.replace(controlCharacters, '') === text ? text : undefined;
}

/** A name that an event cannot do without, cut to what it takes. */
export function nameOf(value: SpanAttributeValue | undefined): string | undefined {
  if (typeof value !== 'string') return undefined;
  const text = value
    .slice(0, 2 * longestName)
    .replace(controlCharacters, '')
    .trim()
    .slice(0, longestName);
  return text === '' ? undefined : text;
}

/** The most that an event takes of anything: far more than any call uses. */
const largestCount = 1e12;

/** A whole number of at least 0 that an event takes. Some exporters send whole numbers as text or as doubles. */
export function countOf(value: SpanAttributeValue | undefined): number | undefined {
  const count = typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : value;
  return typeof count === 'number' && Number.isInteger(count) && count >= 0 && count <= largestCount
    ? count
    : undefined;
}

/** A number of at least 0 that an event takes. */
export function amountOf(value: SpanAttributeValue | undefined): number | undefined {
  return typeof value === 'number' && value >= 0 && value <= largestCount ? value : undefined;
}

/** What the first of some names that has a value reads as. */
export function firstOf<Value>(
  attributes: SpanAttributes,
  names: readonly string[],
  read: (value: SpanAttributeValue | undefined) => Value | undefined,
): Value | undefined {
  for (const name of names) {
    const value = read(attributes[name]);
    if (value !== undefined) return value;
  }
  return undefined;
}
