import type { BudgetAnswer, BudgetEntry, BudgetsAnswer, BudgetState, Freshness } from '@tallykit/protocol';
import type { WidgetState } from '../../states/widget-state.ts';
import { isZeroDecimal } from '../../format/decimal.ts';

/** A level at which a budget warns, or its limit itself. */
export interface BudgetLevel {
  /** Part of the limit; 1 is the limit. */
  readonly level: number;
  readonly passed: boolean;
  /** When it was noticed to have been passed; null when it was not, or not yet. */
  readonly at: string | null;
}

/** A budget, where it stands, and how that is drawn. */
export interface BudgetPictureRow extends BudgetEntry {
  /** Parts of the limit that are drawn, 0 to 1, together at most 1; null when what was spent is not known. */
  readonly drawn: { readonly spent: number; readonly reserved: number } | null;
  /** Ascending; the limit is among them. */
  readonly levels: readonly BudgetLevel[];
  /** Whether nothing is left, what is reserved included: its action happens now. */
  readonly reached: boolean;
  /** Calls that are missing from what was spent until their cost is known. */
  readonly missingCalls: number;
}

/** What the budget card draws. */
export interface BudgetPicture {
  /** One budget by itself, or several. */
  readonly form: 'one' | 'list';
  readonly freshness: Pick<Freshness, 'asOf' | 'cadence'>;
  /** The organization's zone; null when there is no budget to tell it. */
  readonly timeZone: string | null;
  /** Whose page it is; null where it is everybody's. */
  readonly customer: { readonly id: string; readonly name: string } | null;
  /** Those over their limit first, then those that have warned; within each, the fullest first. */
  readonly rows: readonly BudgetPictureRow[];
  /** Whether there are further budgets that were not asked for. */
  readonly more: boolean;
}

const rank: Readonly<Record<BudgetState, number>> = { over: 0, warned: 1, inside: 2 };

function drawnParts({ budget, status }: BudgetEntry): BudgetPictureRow['drawn'] {
  if (status.spent.amount === null) return null;
  const limit = Number(budget.limit.amount);
  const spent = Number(status.spent.amount);
  const reserved = Number(status.reserved.amount ?? 0);
  // Credits can carry what was spent below zero; a bar begins at zero all the same.
  const part = (amount: number): number => (amount <= 0 ? 0 : limit > 0 ? Math.min(1, amount / limit) : 1);
  const taken = part(spent);
  return { spent: taken, reserved: Math.min(1 - taken, part(reserved)) };
}

function levelsOf({ budget, status }: BudgetEntry): readonly BudgetLevel[] {
  const noticed = new Map(status.crossings.map(({ level, at }) => [level, at]));
  const levels = [...new Set([...budget.warnAt, 1, ...noticed.keys()])].sort((one, other) => one - other);
  return levels.map((level) => ({
    level,
    passed:
      noticed.has(level) ||
      (level === 1 && status.state === 'over') ||
      (status.fraction !== null && status.fraction >= level),
    at: noticed.get(level) ?? null,
  }));
}

function row(entry: BudgetEntry): BudgetPictureRow {
  const { spent, remaining, pending } = entry.status;
  return {
    ...entry,
    drawn: drawnParts(entry),
    levels: levelsOf(entry),
    reached: remaining.amount !== null && isZeroDecimal(String(remaining.amount)),
    // Tokens count as soon as they are reported, whatever their price.
    missingCalls: spent.unit === 'money' ? pending.calls : 0,
  };
}

/** How full a budget is, for its place in the list. A limit of 0 that is passed is fuller than any. */
function fullness({ status }: BudgetPictureRow): number {
  if (status.fraction !== null) return status.fraction;
  return status.state === 'over' ? Number.POSITIVE_INFINITY : -1;
}

function inOrder(one: BudgetPictureRow, other: BudgetPictureRow): number {
  const byState = rank[one.status.state] - rank[other.status.state];
  if (byState !== 0) return byState;
  const [first, second] = [fullness(one), fullness(other)];
  if (first !== second) return first > second ? -1 : 1;
  return one.budget.id < other.budget.id ? -1 : 1;
}

function stateOf(picture: BudgetPicture): WidgetState<BudgetPicture> {
  if (picture.rows.length === 0) return { name: 'empty', picture };
  return { name: picture.rows.some((one) => one.missingCalls > 0) ? 'partial' : 'ready', picture };
}

function pictureOf(
  answer: Pick<BudgetAnswer, 'scope' | 'freshness'>,
  entries: readonly BudgetEntry[],
): Omit<BudgetPicture, 'form' | 'more'> {
  const { customerId, customerName, visibility } = answer.scope;
  return {
    freshness: answer.freshness,
    timeZone: entries[0]?.status.window.timeZone ?? null,
    customer:
      visibility === 'customer' && customerId !== null
        ? { id: customerId, name: customerName ?? customerId }
        : null,
    rows: entries.map(row).sort(inOrder),
  };
}

/**
 * Turns the server's list of budgets into what the card shows. Budgets have each their own unit and currency; nothing is
 * added up.
 *
 * @example
 * const state = selectBudgets(await client.budgets.list());
 */
export function selectBudgets(answer: BudgetsAnswer): WidgetState<BudgetPicture> {
  return stateOf({ ...pictureOf(answer, answer.budgets), form: 'list', more: answer.nextCursor !== null });
}

/**
 * Turns one budget into what its card shows.
 *
 * @example
 * const state = selectBudget(await client.budgets.get('cus_42-month'));
 */
export function selectBudget(answer: BudgetAnswer): WidgetState<BudgetPicture> {
  const { budget, status } = answer;
  return stateOf({ ...pictureOf(answer, [{ budget, status }]), form: 'one', more: false });
}
