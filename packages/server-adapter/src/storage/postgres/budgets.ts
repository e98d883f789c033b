import type {
  BudgetRecord,
  BudgetSelection,
  BudgetStore,
  ReservationDraft,
  ReservationOutcome,
} from '../contract/budget-store.ts';
import { StorageError } from '../contract/storage-error.ts';
import type { AdmitFew } from './admit-few.ts';
import { arrayLiteral } from './array-literal.ts';
import { budgetColumnList, budgetOfRow, putColumns, valuesOfRecord, type BudgetRow } from './budget-rows.ts';
import { countBudgets } from './count-budgets.ts';
import type { SqlDatabase, SqlSession } from './sql-database.ts';

// Somebody may count a window of millions of calls meanwhile; a caller does better without an answer than with one so late.
const begin = { begin: "begin; set local jit = off; set local lock_timeout = '5s'" };
const lockNotAvailable = '55P03';

/** Budgets that are locked at a time by one process: fewer than the connections of a usual pool, which events need too. */
export const budgetsLockedAtOnce = 4;

async function underLock<Result>(
  { database, admit }: BudgetDatabase,
  work: (session: SqlSession) => Promise<Result>,
): Promise<Result> {
  try {
    return await admit(() => database.transaction(work, begin));
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error) || error.code !== lockNotAvailable) throw error;
    throw new StorageError(
      'unavailable',
      'A budget is being counted for so long that nothing was decided by it. Ask again in a moment.',
      { cause: error },
    );
  }
}

// In order of id for everybody, so that no two wait for each other.
const lockInOrder = 'order by b.id for update of b';

async function locked(
  session: SqlSession,
  organizationId: string,
  selection: BudgetSelection,
): Promise<readonly BudgetRow[]> {
  const select = `select ${budgetColumnList} from tallykit.budget b where b.organization_id = $1`;
  if (selection.kind === 'call') {
    const { customerId, productId, flow, keyId } = selection.attributes;
    return session.query<BudgetRow>(
      `${select} and (b.customer_id is null or b.customer_id = $2) and (b.product_id is null or b.product_id = $3)
         and (b.flow is null or b.flow = $4) and (b.key_id is null or b.key_id = $5) ${lockInOrder}`,
      [organizationId, customerId, productId, flow, keyId],
    );
  }
  const { customers, chargedOnly, ids, after, limit } = selection;
  return session.query<BudgetRow>(
    `${select} and ($2::text[] is null or b.customer_id = any($2::text[]))
       and (not $3::boolean or b.unit = 'tokens' or b.amount_kind = 'charge')
       and ($4::text[] is null or b.id = any($4::text[])) and ($5::text is null or b.id > $5::text collate "C")
     order by b.id limit $6 for update of b`,
    [
      organizationId,
      customers === 'all' ? null : arrayLiteral(customers),
      chargedOnly,
      ids === null ? null : arrayLiteral(ids),
      after,
      limit,
    ],
  );
}

const countingColumns = ['customer_id', 'product_id', 'flow', 'key_id', 'unit', 'currency', 'amount_kind'];
const crossingColumns = [...countingColumns, 'limit_amount', 'limit_tokens', 'time_window'];

async function putOne(
  session: SqlSession,
  organizationId: string,
  { budget, at }: { readonly budget: BudgetRecord; readonly at: number },
): Promise<boolean> {
  const [before] = await session.query<BudgetRow>(
    `select ${budgetColumnList} from tallykit.budget b where b.organization_id = $1 and b.id = $2 for update`,
    [organizationId, budget.id],
  );
  const written = putColumns.map((_, index) => `$${index + 3}`).join(', ');
  const changed = (columns: readonly string[]): string =>
    columns.map((column) => `b.${column} is distinct from excluded.${column}`).join(' or ');
  const essence = (record: BudgetRecord): string => JSON.stringify(valuesOfRecord(record));
  if (before !== undefined && essence(budgetOfRow(before)) === essence(budget)) return false;
  if (before !== undefined) {
    const old = valuesOfRecord(budgetOfRow(before));
    const next = valuesOfRecord(budget);
    const isOther = crossingColumns.some((column) => {
      const index = putColumns.findIndex((name) => name === column);
      return old[index] !== next[index];
    });
    // Levels of another limit are other levels.
    if (isOther) {
      await session.query(
        'delete from tallykit.budget_crossing where organization_id = $1 and budget_id = $2',
        [organizationId, budget.id],
      );
    }
  }
  await session.query(
    `insert into tallykit.budget as b (organization_id, created_at, updated_at, ${putColumns.join(', ')})
     values ($1, tallykit.at_ms($2), tallykit.at_ms($2), ${written})
     on conflict (organization_id, id) do update set updated_at = excluded.updated_at,
       counted_from = case when ${changed(countingColumns)} then null else b.counted_from end,
       ${putColumns.map((column) => `${column} = excluded.${column}`).join(', ')}`,
    [organizationId, at, ...valuesOfRecord(budget)],
  );
  return true;
}

async function reserve(
  session: SqlSession,
  organizationId: string,
  {
    draft,
    readings,
    at,
  }: {
    readonly draft: ReservationDraft;
    readonly readings: ReservationOutcome['readings'];
    readonly at: number;
  },
): Promise<ReservationOutcome> {
  // What lifted over a minute ago decides nothing any more.
  await session.query(
    `delete from tallykit.budget_hold where organization_id = $1 and budget_id = any($2::text[])
       and lifts_at < tallykit.at_ms($3) and made_at < tallykit.at_ms($3)`,
    [organizationId, arrayLiteral(readings.map(({ budget }) => budget.id)), at - 60_000],
  );
  const [known] = await session.query<{ readonly body: string; readonly lifts_at: number }>(
    `select body, tallykit.ms_of(lifts_at) as lifts_at from tallykit.budget_hold
     where organization_id = $1 and reservation_id = $2 limit 1`,
    [organizationId, draft.id],
  );
  if (known !== undefined && known.body !== draft.body)
    return { status: 'conflict', readings, liftsAt: null };
  if (known !== undefined && known.lifts_at > at)
    return { status: 'known', readings, liftsAt: known.lifts_at };
  const holds = draft.decide(readings);
  if (holds === null) return { status: 'refused', readings, liftsAt: null };
  await session.query(
    `insert into tallykit.budget_hold (organization_id, reservation_id, budget_id, customer_id, event_id, amount, tokens,
       body, made_at, lifts_at)
     select $1, $2, budget_id, $3, $2, amount, tokens, $4, tallykit.at_ms($5), tallykit.at_ms($6)
     from unnest($7::text[], $8::numeric[], $9::bigint[]) as input(budget_id, amount, tokens)
     on conflict (organization_id, reservation_id, budget_id) do update set event_id = excluded.event_id,
       amount = excluded.amount, tokens = excluded.tokens, made_at = excluded.made_at, lifts_at = excluded.lifts_at`,
    [
      organizationId,
      draft.id,
      draft.customerId,
      draft.body,
      at,
      draft.liftsAt,
      arrayLiteral(holds.map(({ budgetId }) => budgetId)),
      arrayLiteral(holds.map(({ amount }) => amount)),
      arrayLiteral(holds.map(({ tokens }) => tokens)),
    ],
  );
  return { status: 'held', readings, liftsAt: draft.liftsAt };
}

/** Where budgets are kept, and how many transactions may lock some at a time. */
export interface BudgetDatabase {
  readonly database: SqlDatabase;
  readonly admit: AdmitFew;
}

/** Budgets of one organization, kept in PostgreSQL. */
export function budgetStore(budgets: BudgetDatabase, organizationId: string): BudgetStore {
  const { database } = budgets;
  return {
    putBudgets: (records, at) =>
      database.transaction(async (session) => {
        let stored = 0;
        for (const budget of records.toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
          if (await putOne(session, organizationId, { budget, at })) stored += 1;
        }
        return { stored, unchanged: records.length - stored };
      }),
    async deleteBudget(id) {
      const gone = await database.query(
        'delete from tallykit.budget where organization_id = $1 and id = $2 returning 1',
        [organizationId, id],
      );
      return gone.length > 0;
    },
    async budgetsById(ids) {
      const rows = await database.query<BudgetRow>(
        `select ${budgetColumnList} from tallykit.budget b where b.organization_id = $1 and b.id = any($2::text[])
         order by b.id`,
        [organizationId, arrayLiteral(ids)],
      );
      return rows.map(budgetOfRow);
    },
    readBudgets: (selection, rules, at) =>
      underLock(budgets, async (session) =>
        countBudgets(session, organizationId, {
          locked: await locked(session, organizationId, selection),
          rules,
          at,
        }),
      ),
    reserveBudgets: (draft, rules, at) =>
      underLock(budgets, async (session) => {
        const selection: BudgetSelection = { kind: 'call', attributes: draft.attributes };
        const rows = await locked(session, organizationId, selection);
        const readings = await countBudgets(session, organizationId, { locked: rows, rules, at });
        return reserve(session, organizationId, { draft, readings, at });
      }),
    async releaseBudgets({ id, customerId, eventId, liftsAt }) {
      const released = await database.query(
        `update tallykit.budget_hold set lifts_at = least(lifts_at, tallykit.at_ms($4)),
           event_id = coalesce($5::uuid, event_id)
         where organization_id = $1 and reservation_id = $2 and ($3::text is null or customer_id = $3) returning 1`,
        [organizationId, id, customerId, liftsAt, eventId],
      );
      return released.length > 0;
    },
  };
}
