import { budgetIdSchema, type BudgetAnswer, type BudgetsAnswer, type Freshness } from '@tallykit/protocol';
import { hasPermission } from '../access/policy.ts';
import type { Asker } from '../datasets/run-query.ts';
import { invalidParts } from '../http/invalid-request.ts';
import type { BudgetReading } from '../storage/contract/budget-store.ts';
import { viewerOf, type BudgetContext } from './budget-context.ts';
import { budgetNotFound } from './budget-problems.ts';
import { entryOf } from './show-budget.ts';
import { budgetRules } from './weigh-budget.ts';

/** Budgets on one page, unless told, and at most. */
const usualPage = 100;
const largestPage = 500;

function pageSizeOf(limit: string | null): number {
  if (limit === null) return usualPage;
  const size = /^\d{1,3}$/.test(limit) ? Number(limit) : 0;
  if (size < 1 || size > largestPage) {
    throw invalidParts([{ pointer: 'limit', detail: `Expected a whole number from 1 to ${largestPage}.` }]);
  }
  return size;
}

function positionOf(cursor: string | null): string | null {
  if (cursor === null || budgetIdSchema.safeParse(cursor).success) return cursor;
  throw invalidParts([{ pointer: 'cursor', detail: 'Expected the "nextCursor" of the page before.' }]);
}

function read(
  { store }: BudgetContext,
  asker: Asker,
  page: { readonly ids: readonly string[] | null; readonly after: string | null; readonly limit: number },
): Promise<readonly BudgetReading[]> {
  const selection = {
    kind: 'list',
    customers: asker.customers,
    chargedOnly: asker.visibility === 'customer',
    ...page,
  } as const;
  return store.readBudgets(selection, budgetRules(asker.now, asker.organization.timeZone), asker.now);
}

function freshnessOf(readings: readonly BudgetReading[], asker: Asker): Freshness {
  const tokens = readings.map(({ spend }) => spend.pendingTokens).filter((known) => known !== null);
  return {
    // Reading a budget brings it to the head of the log.
    asOf: new Date(asker.now).toISOString(),
    cadence: 'live',
    openBucket: null,
    pending: {
      calls: readings.reduce((sum, { spend }) => sum + spend.pendingCalls, 0),
      tokens: tokens.length === 0 ? null : tokens.reduce((sum, known) => sum + known, 0),
    },
    withheld: asker.visibility === 'customer' ? ['amountKind', 'keyId'] : [],
    engine: asker.engine,
  };
}

function shownTo({ caller: { principal } }: BudgetContext, asker: Asker) {
  // An operator who looks as a customer does sees what that customer sees, and still may change it.
  const viewer = viewerOf(principal, hasPermission(principal, 'budgets.manage'));
  return {
    viewer: { ...viewer, isOperator: asker.visibility === 'operator' },
    timeZone: asker.organization.timeZone,
  };
}

/**
 * One page of the budgets that a principal may see, each with where it stands. `customerId` and `asCustomer` narrow as
 * everywhere, `cursor` is the `nextCursor` of the page before.
 */
export async function listBudgets(context: BudgetContext, query: URLSearchParams): Promise<BudgetsAnswer> {
  const limit = pageSizeOf(query.get('limit'));
  const after = positionOf(query.get('cursor'));
  const asker = await context.door.enter(context.caller.principal, {
    customerId: query.get('customerId') ?? undefined,
    asCustomer: query.get('asCustomer') ?? undefined,
  });
  const found = await read(context, asker, { ids: null, after, limit: limit + 1 });
  const page = found.slice(0, limit);
  const shown = shownTo(context, asker);
  return {
    budgets: page.map((reading) => entryOf(reading, shown)),
    nextCursor: found.length > limit ? (page.at(-1)?.budget.id ?? null) : null,
    scope: asker.scope,
    freshness: freshnessOf(page, asker),
  };
}

/** One budget with where it stands. 404 for unknown and foreign ids alike. */
export async function readBudget(context: BudgetContext, id: string): Promise<BudgetAnswer> {
  const asker = await context.door.enter(context.caller.principal);
  // What no budget can be called is not asked for: some of it is no text that a database takes.
  if (!budgetIdSchema.safeParse(id).success) throw budgetNotFound();
  const [reading] = await read(context, asker, { ids: [id], after: null, limit: 1 });
  if (reading === undefined) throw budgetNotFound();
  return {
    ...entryOf(reading, shownTo(context, asker)),
    scope: asker.scope,
    freshness: freshnessOf([reading], asker),
  };
}
