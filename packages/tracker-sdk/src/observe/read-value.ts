/** Anything that a provider or a framework tells: every field may be missing or of another type. */
export type Answer = Readonly<Record<string, unknown>>;

/** The fields of an object; none of anything else. */
export const fieldsOf = (value: unknown): Answer =>
  (typeof value === 'object' && value !== null ? value : {}) as Answer;

/** The items of a list, by their fields; none of anything else. */
export const listOf = (value: unknown): readonly Answer[] =>
  Array.isArray(value) ? value.map(fieldsOf) : [];

/** Text short enough for the wire; anything else is as good as absent. */
export const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value && value.length < 201 ? value : undefined;

/** The text itself, however long: to be measured, never to be kept. */
export const writtenOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** A whole number of things that the server takes as a count; anything else is as good as absent. */
export const countOf = (value: unknown): number | undefined =>
  Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= 1e12
    ? (value as number)
    : undefined;
