import type { BudgetFigure, BudgetLimit } from '@tallykit/protocol';
import type { TwinTable } from '../../charts/table/TableTwin.tsx';
import type { Formats } from '../../format/create-formats.ts';
import { timeUntil } from '../../format/time-until.ts';
import type { Speech } from '../../messages/speech.ts';
import type { BudgetPicture, BudgetPictureRow } from './select-budgets.ts';

/** Everything that is needed to say a budget in words. */
export interface BudgetWording {
  readonly row: BudgetPictureRow;
  readonly customer: BudgetPicture['customer'];
  /** The instant that the figures are about. */
  readonly asOf: string;
  /** In the organization's zone. */
  readonly formats: Formats;
  readonly speech: Speech;
}

/** One budget in words, alike on the card, in what screen readers hear, and in the table. */
export interface BudgetTexts {
  readonly name: string;
  readonly scope: string;
  /** Tokens are short here; `exact` has all their digits. */
  readonly spent: string;
  readonly limit: string;
  readonly exact: { readonly spent: string; readonly limit: string; readonly left: string };
  /** Spent of limit with all digits. */
  readonly whole: string;
  /** What part of the limit is spent: `85.3%`. A dash when it is not known. */
  readonly used: string;
  readonly reserved: string;
  readonly isReserved: boolean;
  readonly state: string;
  /** The window that is counted, and when it begins anew. */
  readonly window: string;
  readonly action: string;
  /** Which amount of money counts; operators only. */
  readonly kind: string | null;
  /** The meter in words. */
  readonly meter: string;
}

/** A figure with all its digits; a dash where it is not known. */
function exactText(figure: BudgetFigure | BudgetLimit, { formats, speech: { say } }: BudgetWording): string {
  if (figure.amount === null) return say('value.none');
  if (figure.unit === 'tokens') return say('budget.tokens', { tokens: formats.count(figure.amount) });
  return formats.money({ amount: figure.amount, currency: figure.currency });
}

function shortText(figure: BudgetFigure | BudgetLimit, wording: BudgetWording): string {
  if (figure.unit === 'money' || figure.amount === null) return exactText(figure, wording);
  return wording.formats.shortCount(figure.amount);
}

/** What a budget is about, in words. On a customer's own page the customer goes without saying. */
export function scopeText({ row, customer, speech: { say } }: BudgetWording): string {
  const { customerId, productId, flow, keyId } = row.budget.scope;
  const own = customerId !== undefined && customerId === customer?.id;
  const parts = [
    customerId === undefined || own ? null : say('budget.scope.customer', { customer: customerId }),
    productId === undefined ? null : say('budget.scope.product', { product: productId }),
    flow === undefined ? null : say('budget.scope.flow', { flow }),
    keyId === undefined ? null : say('budget.scope.key', { key: keyId }),
  ].filter((part) => part !== null);
  if (parts.length > 0) return parts.join(' · ');
  // Keys are not told to customers, so a budget of theirs may name nothing that can be said.
  return own ? (customer?.name ?? customerId) : row.budget.id;
}

function windowText({ row, asOf, formats, speech: { say } }: BudgetWording): string {
  const { resetsAt } = row.status;
  const window = say(`budget.window.${row.budget.window}`);
  if (resetsAt === null) return say('budget.no-reset', { window });
  // Weeks and months begin at midnight; only the day is worth saying. The details have the instant.
  const time = row.budget.window === 'day' ? formats.dayTime(resetsAt) : formats.day(resetsAt);
  const until = timeUntil(asOf, resetsAt);
  if (until === null) return say('budget.resets-at', { window, time });
  return say('budget.resets', { window, span: say(`span.${until.unit}`, {}, until.count), time });
}

function actionText({ row, speech: { say } }: BudgetWording): string {
  const { action, throttle } = row.budget;
  const when = row.reached ? 'budget.action-now' : 'budget.action';
  return say(`${when}.${action}`, {}, throttle?.callsPerMinute);
}

/** The words of one budget. */
export function budgetTexts(wording: BudgetWording): BudgetTexts {
  const { row, formats, speech } = wording;
  const { budget, status } = row;
  const { say } = speech;
  const scope = scopeText(wording);
  const limit = exactText(budget.limit, wording);
  const used = status.fraction === null ? say('value.none') : formats.percent(status.fraction);
  const state = say(`budget.state.${status.state}`);
  const exact = {
    spent: exactText(status.spent, wording),
    limit,
    left: exactText(status.remaining, wording),
  };
  const { spent } = status;
  const spentCount = spent.unit === 'tokens' && spent.amount !== null ? formats.count(spent.amount) : null;
  const whole = say('budget.of', { spent: spentCount ?? exact.spent, limit });
  const reserved = exactText(status.reserved, wording);
  const isReserved = (row.drawn?.reserved ?? 0) > 0 || Number(status.reserved.amount ?? 0) > 0;
  return {
    name: budget.name ?? scope,
    scope,
    spent: shortText(status.spent, wording),
    limit:
      budget.limit.unit === 'tokens'
        ? say('budget.tokens', { tokens: formats.shortCount(budget.limit.amount) })
        : limit,
    exact,
    whole,
    used,
    reserved,
    isReserved,
    state,
    window: windowText(wording),
    action: actionText(wording),
    kind:
      budget.amountKind === undefined || budget.limit.unit === 'tokens'
        ? null
        : say(`budget.kind.${budget.amountKind}`),
    meter: [whole, used, ...(isReserved ? [say('budget.reserved', { amount: reserved })] : []), state].join(
      ', ',
    ),
  };
}

/** The budgets as a table. */
export function budgetTable(
  rows: readonly BudgetTexts[],
  { say }: Pick<Speech, 'say'>,
  caption: string,
): TwinTable {
  return {
    caption,
    columns: [
      say('column.budget'),
      say('budget.spent'),
      say('budget.limit'),
      say('budget.used'),
      say('budget.held'),
      say('budget.stands'),
      say('budget.window'),
    ],
    rows: rows.map((texts) => ({
      name: texts.name,
      cells: [
        texts.exact.spent,
        texts.exact.limit,
        texts.used,
        texts.isReserved ? texts.reserved : say('value.none'),
        texts.state,
        texts.window,
      ],
    })),
  };
}
