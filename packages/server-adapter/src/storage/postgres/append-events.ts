import type { AppendBatch, AppendEvent, AppendOutcome, AppendResult } from '../contract/append.ts';
import { StorageError } from '../contract/storage-error.ts';
import { arrayLiteral, type ArrayElement } from './array-literal.ts';
import { packLines } from './cost-row.ts';
import { rowOfEvent } from './event-row.ts';
import { appendColumns } from './migrations/append-function.ts';
import type { SqlDatabase } from './sql-database.ts';

type InputRow = { readonly [column in (typeof appendColumns)[number][0]]: ArrayElement };

const appendText = `select * from tallykit.append_events($1, $2, $3, ${['customers', ...appendColumns]
  .map((_, index) => `$${index + 4}`)
  .join(', ')})`;

// Half of a SHA-256 tells bodies apart and is half as wide.
const shortHash = (hash: string): string => hash.slice(0, 32);

function inputRow(item: AppendEvent): InputRow {
  const { usage, ...row } = rowOfEvent(item.event);
  const { cost } = item;
  return {
    ...row,
    hash: shortHash(item.hash),
    occurred_at: item.occurredAt,
    received_at: item.receivedAt,
    clock_ahead: item.clockAhead,
    key_id: item.keyId,
    usage: usage === undefined ? null : JSON.stringify(usage),
    cost_kind: cost?.kind ?? null,
    cost_reason: cost?.reason ?? null,
    currency: cost?.currency ?? null,
    list_amount: cost?.list ?? null,
    effective_amount: cost?.effective ?? null,
    charge_amount: cost?.charge ?? null,
    list_price_id: cost?.listPriceId ?? null,
    effective_price_id: cost?.effectivePriceId ?? null,
    lines: cost === null ? null : packLines(cost.lines),
  };
}

interface AppendRow {
  readonly status: 'appended' | 'stale_prices' | 'unknown_organization';
  readonly head: number;
  readonly price_version: number;
  readonly special:
    | readonly {
        readonly place: number;
        readonly hash: string | null;
        readonly supersededBy: string | null;
      }[]
    | null;
}

// The first of several events with one id is the one that is written; the others are measured against it.
function firstOfEach(
  events: readonly AppendEvent[],
): Map<string, { readonly item: AppendEvent; readonly index: number; readonly place: number }> {
  const first = new Map<string, { item: AppendEvent; index: number; place: number }>();
  for (const [index, item] of events.entries()) {
    if (!first.has(item.event.id)) first.set(item.event.id, { item, index, place: first.size + 1 });
  }
  return first;
}

function outcomesOf(
  batch: AppendBatch,
  written: ReturnType<typeof firstOfEach>,
  row: AppendRow,
): AppendOutcome[] {
  const special = new Map((row.special ?? []).map((entry) => [entry.place, entry]));
  return batch.events.map((item, index): AppendOutcome => {
    const first = written.get(item.event.id);
    const found = special.get(first?.place ?? 0);
    const supersededBy = found?.supersededBy ?? null;
    const stored = found?.hash?.replaceAll('-', '') ?? null;
    if (first?.index === index && stored === null) return { outcome: 'accepted', supersededBy };
    const isSame = (stored ?? shortHash(first?.item.hash ?? '')) === shortHash(item.hash);
    return { outcome: isSame ? 'duplicate' : 'conflict', supersededBy };
  });
}

/** Appends a batch in one round trip, under the organization's lock. */
export async function appendEvents(
  database: SqlDatabase,
  organizationId: string,
  batch: AppendBatch,
): Promise<AppendResult> {
  const written = firstOfEach(batch.events);
  const rows = [...written.values()].map(({ item }) => inputRow(item));
  const customers = new Set(rows.map((row) => row.customer_id).filter((id) => id !== null));
  const recordedAt = Math.min(...batch.events.map(({ receivedAt }) => receivedAt));
  const [row] = await database.query<AppendRow>(appendText, [
    organizationId,
    batch.priceVersion,
    Number.isFinite(recordedAt) ? recordedAt : 0,
    arrayLiteral([...customers].sort()),
    ...appendColumns.map(([column]) => arrayLiteral(rows.map((input) => input[column]))),
  ]);
  if (row === undefined || row.status === 'unknown_organization') {
    throw new StorageError(
      'unavailable',
      `Organization ${organizationId} is unknown here, so its events have no log. Call ensureOrganization first.`,
    );
  }
  if (row.status === 'stale_prices') return { status: 'stale_prices', priceVersion: row.price_version };
  return { status: 'appended', outcomes: outcomesOf(batch, written, row), head: row.head };
}
