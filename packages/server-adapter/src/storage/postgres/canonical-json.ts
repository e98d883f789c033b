function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * JSON with keys in order and without absent or null ones, so that equal content is equal text.
 *
 * @example
 * canonicalJson({ b: 1, a: null }); // '{"b":1}'
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => {
    // PostgreSQL could not look into half a surrogate pair or a NUL.
    if (typeof inner === 'string') return inner.toWellFormed().replaceAll('\u0000', '\uFFFD');
    if (!isRecord(inner)) return inner;
    const kept = Object.entries(inner).filter(([, part]) => part !== undefined && part !== null);
    return Object.fromEntries(kept.sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
