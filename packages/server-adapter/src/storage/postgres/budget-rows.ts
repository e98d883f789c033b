import type { BudgetAction, BudgetAmountKind, BudgetWindow } from '@tallykit/protocol';
import type { BudgetRecord, BudgetSpan, BudgetSpend, StoredBudget } from '../contract/budget-store.ts';
import { shortest } from './cost-row.ts';

/** A budget as a row gives it: amounts as text, instants in Unix milliseconds. */
export interface BudgetRow {
  readonly id: string;
  readonly name: string | null;
  readonly customer_id: string | null;
  readonly product_id: string | null;
  readonly flow: string | null;
  readonly key_id: string | null;
  readonly unit: 'money' | 'tokens';
  readonly limit_amount: string | null;
  readonly limit_tokens: number | null;
  readonly currency: string | null;
  readonly time_window: BudgetWindow;
  readonly action: BudgetAction;
  readonly warn_at: readonly number[];
  readonly calls_per_minute: number | null;
  readonly owner: 'organization' | 'customer';
  readonly amount_kind: BudgetAmountKind;
  readonly created_at: number;
  readonly updated_at: number;
  readonly sequence: number;
  readonly counted_from: number | null;
  readonly counted_to: number | null;
  readonly calls: number;
  readonly tokens: number | null;
  readonly amount: string | null;
  readonly pending_calls: number;
  readonly pending_reporting: number;
  readonly pending_tokens: number;
  readonly other_currencies: readonly string[];
}

/** Columns that make a {@link BudgetRow}, for a select list over the alias `b`. */
export const budgetColumnList = `b.id, b.name, b.customer_id, b.product_id, b.flow, b.key_id, b.unit,
  b.limit_amount::text as limit_amount, b.limit_tokens::float8 as limit_tokens, b.currency, b.time_window, b.action,
  b.warn_at, b.calls_per_minute, b.owner, b.amount_kind, tallykit.ms_of(b.created_at) as created_at,
  tallykit.ms_of(b.updated_at) as updated_at, b.sequence::float8 as sequence,
  tallykit.ms_of(b.counted_from) as counted_from, tallykit.ms_of(b.counted_to) as counted_to,
  b.calls::float8 as calls, b.tokens::float8 as tokens, b.amount::text as amount,
  b.pending_calls::float8 as pending_calls, b.pending_reporting::float8 as pending_reporting,
  b.pending_tokens::float8 as pending_tokens, to_json(b.other_currencies) as other_currencies`;

/** The budget of a row. */
export function budgetOfRow(row: BudgetRow): StoredBudget {
  return {
    id: row.id,
    name: row.name,
    scope: {
      customerId: row.customer_id,
      productId: row.product_id,
      flow: row.flow,
      keyId: row.key_id,
    },
    limit:
      row.unit === 'money'
        ? { unit: 'money', amount: shortest(row.limit_amount) ?? '0', currency: row.currency ?? '' }
        : { unit: 'tokens', amount: row.limit_tokens ?? 0 },
    window: row.time_window,
    action: row.action,
    warnAt: row.warn_at,
    callsPerMinute: row.calls_per_minute,
    owner: row.owner,
    amountKind: row.amount_kind,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

/** What is held of a budget. */
export interface HeldRow {
  readonly budget_id: string;
  readonly amount: string;
  readonly tokens: number;
  readonly lately: number;
}

/** What counts against the budget of a row. */
export function spendOfRow(row: BudgetRow, held: HeldRow | undefined): BudgetSpend {
  return {
    calls: row.calls,
    tokens: row.tokens,
    amount: shortest(row.amount),
    pendingCalls: row.pending_calls,
    pendingTokens: row.pending_reporting > 0 ? row.pending_tokens : null,
    otherCurrencies: [...row.other_currencies].sort(),
    reservedAmount: shortest(held?.amount ?? '0') ?? '0',
    reservedTokens: held?.tokens ?? 0,
    admittedLately: held?.lately ?? 0,
  };
}

/** Whether the sums of a row are those of a window. */
export function countsSpan(row: BudgetRow, span: BudgetSpan): boolean {
  return row.counted_from === span.from && row.counted_to === span.to;
}

/** The values of a budget's own columns, in the order of {@link putColumns}. */
export function valuesOfRecord(budget: BudgetRecord): readonly (string | number | null)[] {
  const { scope, limit } = budget;
  const isMoney = limit.unit === 'money';
  return [
    budget.id,
    budget.name,
    scope.customerId,
    scope.productId,
    scope.flow,
    scope.keyId,
    limit.unit,
    isMoney ? limit.amount : null,
    isMoney ? null : limit.amount,
    isMoney ? limit.currency : null,
    budget.window,
    budget.action,
    JSON.stringify(budget.warnAt),
    budget.callsPerMinute,
    budget.owner,
    budget.amountKind,
  ];
}

/** Columns that a put writes. */
export const putColumns = [
  ...['id', 'name', 'customer_id', 'product_id', 'flow', 'key_id', 'unit', 'limit_amount', 'limit_tokens'],
  ...['currency', 'time_window', 'action', 'warn_at', 'calls_per_minute', 'owner', 'amount_kind'],
] as const;
