import * as z from 'zod/mini';

/** An id or name that the vendor chose: 1 to 200 characters, no control characters. */
// eslint-disable-next-line no-control-regex -- control characters are what is being excluded
export const identifierSchema = z
  .string()
  .check(z.minLength(1), z.maxLength(200), z.regex(/^[^\u0000-\u001f\u007f]+$/));

/** A UUID of version 7 in lower case: its first 48 bits are the Unix milliseconds at which the thing began. */
export const uuidV7Schema = z
  .string()
  .check(z.regex(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/));

/** A W3C trace id: 32 lower-case hex digits, not all zero. */
export const traceIdSchema = z.string().check(z.regex(/^(?!0{32})[0-9a-f]{32}$/));

/** A W3C span id: 16 lower-case hex digits, not all zero. */
export const spanIdSchema = z.string().check(z.regex(/^(?!0{16})[0-9a-f]{16}$/));

// A date parser takes the 31st of a month that has none for the first of the next.
function isOnCalendar(instant: string): boolean {
  const parsed = new Date(instant);
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(instant.slice(0, 10));
}

/** An instant in UTC, ISO 8601 with a `Z`, up to milliseconds: `2026-11-20T10:42:00.000Z`. */
export const instantSchema = z
  .string()
  .check(z.regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,3})?Z$/), z.refine(isOnCalendar));

/** A calendar day, `2026-11-20`. */
export const daySchema = z.string().check(
  z.regex(/^\d{4}-\d{2}-\d{2}$/),
  z.refine((day) => isOnCalendar(`${day}T00:00:00Z`)),
);

/** A whole number of at least 0 that a JavaScript number holds exactly. */
export const countSchema = z.int().check(z.gte(0), z.lte(Number.MAX_SAFE_INTEGER));
