import type { TallykitClient } from '../create-client.ts';

/** What a cached answer is about. */
export type QuerySubject =
  'session' | 'insight' | 'dataset' | 'datasets' | 'call' | 'trace' | 'conversation' | 'prices' | 'budgets';

/** Key of one cached answer: the principal first, so that no two principals can ever share one. */
export type QueryKey = readonly [principal: string, subject: QuerySubject, ...question: readonly unknown[]];

/**
 * Key of everything that is cached for the principal who is signed in.
 *
 * @example
 * await queryClient.invalidateQueries({ queryKey: principalKey(client) });
 */
export function principalKey(client: TallykitClient): readonly [string] {
  return [keyOf(client.session.principal())];
}

/** The first part of every key. */
export function keyOf(principal: string): string {
  return `tallykit:${principal}`;
}

/** Key of one question. Parameters that are undefined do not count. */
export function questionKey(
  principal: string,
  subject: QuerySubject,
  question: readonly unknown[],
): QueryKey {
  return [keyOf(principal), subject, ...question.map(withoutUndefined)];
}

function withoutUndefined(part: unknown): unknown {
  if (typeof part !== 'object' || part === null || Array.isArray(part)) return part;
  return Object.fromEntries(Object.entries(part).filter(([, value]) => value !== undefined));
}
