/** Anything that LangChain or a provider tells: every field may be missing or of another type. */
export type Fields = Readonly<Record<string, unknown>>;

/** The fields of an object; none of anything else. */
export const fieldsOf = (value: unknown): Fields =>
  (typeof value === 'object' && value !== null ? value : {}) as Fields;

/** Text short enough for the wire; anything else is as good as absent. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value.length < 201 && value ? value : undefined;
}

/** A whole number of things; anything else is as good as absent. */
export function countOf(value: unknown): number | undefined {
  return Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : undefined;
}
