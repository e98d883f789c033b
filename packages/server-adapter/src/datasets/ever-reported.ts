import type { Cell } from '../storage/contract/scoped-reader.ts';

/** Since when a provider has reported, and when its lines were last read (Unix milliseconds). */
export interface EverReported {
  readonly firstDay: string;
  readonly fetchedAt: number;
}

/** Providers of which a line was ever given. */
export function everReportedIn(
  lines: readonly Readonly<Record<string, Cell>>[],
): ReadonlyMap<string, EverReported> {
  const reported = new Map<string, EverReported>();
  for (const { provider, day, fetched_at: fetchedAt } of lines) {
    if (typeof provider !== 'string' || typeof day !== 'string' || typeof fetchedAt !== 'number') continue;
    const known = reported.get(provider) ?? { firstDay: day, fetchedAt };
    reported.set(provider, {
      firstDay: day < known.firstDay ? day : known.firstDay,
      fetchedAt: Math.max(known.fetchedAt, fetchedAt),
    });
  }
  return reported;
}
