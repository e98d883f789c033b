import type { Visibility } from '@tallykit/protocol';
import { visibleReason } from '../pricing/visible-reason.ts';
import type { Cell } from '../storage/contract/scoped-reader.ts';

type Row = Readonly<Record<string, Cell>>;

/**
 * Calls without a cost by the reasons that their reader may see: what falls together under one reason is added up.
 *
 * @example
 * mergePendingReasons(rows, 'customer'); // [{ reason: 'price_unknown', calls: 3, tokens: 4200 }]
 */
export function mergePendingReasons(rows: readonly Row[], visibility: Visibility): readonly Row[] {
  if (visibility === 'operator') return rows;
  const merged = new Map<Cell, Row>();
  for (const row of rows) {
    const reason = visibleReason(typeof row['reason'] === 'string' ? row['reason'] : null, visibility);
    const other = merged.get(reason);
    const tokens = [other?.['tokens'], row['tokens']].filter((count) => typeof count === 'number');
    merged.set(reason, {
      ...row,
      reason,
      calls: Number(other?.['calls'] ?? 0) + Number(row['calls']),
      tokens: tokens.length === 0 ? null : tokens.reduce((sum, count) => sum + count, 0),
    });
  }
  return [...merged.values()];
}
