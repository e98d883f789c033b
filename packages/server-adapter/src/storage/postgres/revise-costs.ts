import { subtractDecimals } from '../../primitives/money.ts';
import type { CostDraft, CostReviewQuery, CostRevision, PricedCall } from '../contract/append.ts';
import type { TokenUsage } from '@tallykit/protocol';
import { arrayLiteral, type ArrayElement } from './array-literal.ts';
import { costColumnList, draftOfRow, packLines, type CostRow } from './cost-row.ts';
import { eventColumnList, eventOfRow, type EventColumns } from './event-row.ts';
import { unknownOrganization } from './advance-rollups.ts';
import type { SqlDatabase, SqlSession } from './sql-database.ts';

/** The entry that stands for each event: the last one. */
const standingEntries = `select distinct on (c.event_id) c.event_id, c.customer_id, ${costColumnList}
  from tallykit.cost_entry c where c.organization_id = $1 and c.event_id = any($2::uuid[])
  order by c.event_id, c.sequence desc`;

type StandingRow = CostRow & { readonly event_id: string; readonly customer_id: string | null };

async function standingOf(session: SqlSession, organizationId: string, ids: readonly string[]) {
  const rows = await session.query<StandingRow>(standingEntries, [organizationId, arrayLiteral(ids)]);
  return new Map(rows.map((row) => [row.event_id, { draft: draftOfRow(row), customerId: row.customer_id }]));
}

function sameCost(a: CostDraft, b: CostDraft): boolean {
  return (
    a.kind === b.kind &&
    a.reason === b.reason &&
    a.currency === b.currency &&
    a.list === b.list &&
    a.effective === b.effective &&
    a.charge === b.charge &&
    a.listPriceId === b.listPriceId &&
    a.effectivePriceId === b.effectivePriceId
  );
}

interface NewEntry {
  readonly eventId: string;
  readonly customerId: string | null;
  readonly kind: 'pending' | 'priced' | 'reversed';
  readonly pendingDelta: number;
  readonly cost: CostDraft;
}

const negated = (amount: string | null): string | null =>
  amount === null ? null : subtractDecimals('0', amount);

function entriesOf(
  eventId: string,
  standing: { draft: CostDraft; customerId: string | null },
  next: CostDraft,
): NewEntry[] {
  const { draft, customerId } = standing;
  const pendingDelta = (next.kind === 'pending' ? 1 : 0) - (draft.kind === 'pending' ? 1 : 0);
  const entry: NewEntry = { eventId, customerId, kind: next.kind, pendingDelta, cost: next };
  if (draft.kind === 'pending') return [entry];
  const reversal: CostDraft = {
    ...draft,
    reason: 'repriced',
    list: negated(draft.list),
    effective: negated(draft.effective),
    charge: negated(draft.charge),
    lines: [],
  };
  return [{ eventId, customerId, kind: 'reversed', pendingDelta: 0, cost: reversal }, entry];
}

async function writeEntries(
  session: SqlSession,
  organizationId: string,
  {
    entries,
    base,
    at,
  }: { readonly entries: readonly NewEntry[]; readonly base: number; readonly at: number },
): Promise<void> {
  const column = (value: (entry: NewEntry) => ArrayElement): string => arrayLiteral(entries.map(value));
  await session.query(
    `insert into tallykit.cost_entry (organization_id, sequence, recorded_at, revision, event_id, customer_id, kind,
       pending_delta, reason, currency, list_amount, effective_amount, charge_amount, list_price_id, effective_price_id, lines)
     select $1, $2 + place, tallykit.at_ms($3), true, event_id, customer_id, kind, pending_delta, reason, currency, list,
       effective, charge, list_price_id, effective_price_id, lines
     from unnest($4::uuid[], $5::text[], $6::text[], $7::smallint[], $8::text[], $9::text[], $10::numeric[],
       $11::numeric[], $12::numeric[], $13::text[], $14::text[], $15::json[]) with ordinality as input(event_id,
       customer_id, kind, pending_delta, reason, currency, list, effective, charge, list_price_id, effective_price_id,
       lines, place)`,
    [
      organizationId,
      base,
      at,
      column(({ eventId }) => eventId),
      column(({ customerId }) => customerId),
      column(({ kind }) => kind),
      column(({ pendingDelta }) => pendingDelta),
      column(({ cost }) => cost.reason),
      column(({ cost }) => cost.currency),
      column(({ cost }) => cost.list),
      column(({ cost }) => cost.effective),
      column(({ cost }) => cost.charge),
      column(({ cost }) => cost.listPriceId),
      column(({ cost }) => cost.effectivePriceId),
      column(({ cost }) => packLines(cost.lines)),
    ],
  );
}

async function followPending(
  session: SqlSession,
  organizationId: string,
  entries: readonly NewEntry[],
): Promise<void> {
  const settled = entries.filter(({ kind }) => kind === 'priced').map(({ eventId }) => eventId);
  const waiting = entries.filter(({ kind }) => kind === 'pending');
  await session.query(
    'delete from tallykit.pending_call where organization_id = $1 and event_id = any($2::uuid[])',
    [organizationId, arrayLiteral(settled)],
  );
  if (waiting.length === 0) return;
  await session.query(
    `insert into tallykit.pending_call (organization_id, event_id, reason, occurred_at, customer_id, environment, provider,
       model, tokens)
     select $1, e.id, coalesce(input.reason, ''), e.occurred_at, e.customer_id, e.environment, e.provider, e.model,
       case when s.event_id is null then tallykit.token_total(e.prompt_tokens, e.completion_tokens)
         else tallykit.token_total(s.prompt_tokens, s.completion_tokens) end
     from unnest($2::uuid[], $3::text[]) as input(id, reason)
     join tallykit.event e on e.organization_id = $1 and e.id = input.id
     left join tallykit.supplied_usage s on s.organization_id = $1 and s.event_id = e.id
     on conflict (organization_id, event_id) do update set reason = excluded.reason`,
    [
      organizationId,
      arrayLiteral(waiting.map(({ eventId }) => eventId)),
      arrayLiteral(waiting.map(({ cost }) => cost.reason)),
    ],
  );
}

/** Appends new costs of calls already in the log, under the organization's lock. */
export function reviseCosts(
  database: SqlDatabase,
  organizationId: string,
  change: { readonly revisions: readonly CostRevision[]; readonly priceVersion: number; readonly at: number },
): Promise<{ readonly status: 'appended' | 'stale_prices'; readonly applied: number }> {
  const { revisions, priceVersion, at } = change;
  return database.transaction(async (session) => {
    const [head] = await session.query<{ readonly sequence: number; readonly version: number }>(
      `select sequence::float8 as sequence, price_version::float8 as version from tallykit.log_head
       where organization_id = $1 for update`,
      [organizationId],
    );
    if (head === undefined) throw unknownOrganization(organizationId);
    if (head.version !== priceVersion) return { status: 'stale_prices', applied: 0 };
    const standing = await standingOf(
      session,
      organizationId,
      revisions.map(({ eventId }) => eventId),
    );
    const entries: NewEntry[] = [];
    let applied = 0;
    for (const { eventId, expected, next } of revisions) {
      const found = standing.get(eventId);
      if (found === undefined || !sameCost(found.draft, expected) || sameCost(found.draft, next)) continue;
      entries.push(...entriesOf(eventId, found, next));
      standing.set(eventId, { ...found, draft: next });
      applied += 1;
    }
    if (applied === 0) return { status: 'appended', applied };
    await writeEntries(session, organizationId, { entries, base: head.sequence, at });
    // Only the last word on each call decides whether it waits.
    const lastWord = new Map(entries.map((entry) => [entry.eventId, entry]));
    await followPending(session, organizationId, [...lastWord.values()]);
    await session.query(
      `with moved as (
         update tallykit.log_head set sequence = sequence + $2 where organization_id = $1 returning sequence
       ) insert into tallykit.log_batch (organization_id, last_sequence, recorded_at)
       select $1, sequence, tallykit.at_ms($3) from moved`,
      [organizationId, entries.length, at],
    );
    return { status: 'appended', applied };
  });
}

type ReviewRow = EventColumns & {
  readonly rest: string;
  readonly occurred_at: number;
  readonly usage: TokenUsage | null;
};

/** Calls to look at again, by ascending event id. */
export async function callsForReview(
  database: SqlDatabase,
  organizationId: string,
  query: CostReviewQuery,
): Promise<readonly PricedCall[]> {
  const iso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());
  // Pending calls are found by their own table's key, in its order, however many events there are beside them.
  const [source, id] =
    query.calls === 'pending'
      ? [
          'tallykit.pending_call p join tallykit.event e on e.organization_id = p.organization_id and e.id = p.event_id',
          'p.event_id',
        ]
      : ['tallykit.event e', 'e.id'];
  const owner = query.calls === 'pending' ? 'p.organization_id' : 'e.organization_id';
  const rows = await database.query<ReviewRow>(
    `select ${eventColumnList}, tallykit.ms_of(e.occurred_at) as occurred_at, s.usage from ${source}
     left join tallykit.supplied_usage s on s.organization_id = e.organization_id and s.event_id = e.id
     where ${owner} = $1 and e.counted
       and ($2::timestamptz is null or e.occurred_at >= $2) and ($3::timestamptz is null or e.occurred_at < $3)
       and ($4::text is null or e.provider = $4)
       and ($5::text is null or e.model = $5 or e.rest ->> 'responseModel' = $5)
       and ($6::uuid is null or ${id} > $6)
     order by ${id} limit $7`,
    [organizationId, iso(query.from), iso(query.to), query.provider, query.model, query.after, query.limit],
  );
  const standing = await standingOf(
    database,
    organizationId,
    rows.map(({ id }) => id),
  );
  return rows.flatMap((row) => {
    const found = standing.get(row.id);
    if (found === undefined) return [];
    const event = eventOfRow(row);
    const own = event.kind === 'llm_call' ? (event.usage ?? null) : null;
    return [
      { eventId: row.id, event, occurredAt: row.occurred_at, usage: row.usage ?? own, current: found.draft },
    ];
  });
}
