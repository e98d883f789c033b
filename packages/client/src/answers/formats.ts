// A date parser takes the 31st of a month that has none for the first of the next.
function isOnCalendar(instant: string): boolean {
  const parsed = new Date(instant);
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(instant.slice(0, 10));
}

const text = (pattern: RegExp, holds: (value: string) => boolean = () => true) => ({
  type: 'string',
  pattern,
  fits: (value: string) => pattern.test(value) && holds(value),
});

/** Strings and numbers of a certain form. The patterns are the protocol's; a test compares them. */
export const formats = {
  instant: text(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,3})?Z$/, isOnCalendar),
  day: text(/^\d{4}-\d{2}-\d{2}$/, (day) => isOnCalendar(`${day}T00:00:00Z`)),
  decimal: text(/^-?\d{1,26}(\.\d{1,12})?$/),
  currency: text(/^[A-Z]{3}$/),
  count: { type: 'int', fits: (value: number) => value >= 0 },
};

/** One of {@link formats}. */
export type Format = keyof typeof formats;
