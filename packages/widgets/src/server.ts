export { createFormats, type Formats } from './format/create-formats.ts';
export type { CountFormat } from './format/counts.ts';
export type { DateFormat } from './format/dates.ts';
export type { MoneyFormat, MoneyPart, MoneyStyle } from './format/money.ts';
export { changeRatio } from './format/change-ratio.ts';
export { sumDecimals } from './format/decimal.ts';
export { type Span, spanOf } from './format/span-of.ts';

export { createSpeech } from './messages/create-speech.ts';
export type { MessageValues, Speech, SpokenPart, Texts } from './messages/speech.ts';
export { english, type MessageId, type Messages } from './messages/english.ts';
export type { Forms, Message } from './messages/message.ts';

export { type ColorName, colorNames, type Palette, palettes } from './theme/tokens.ts';

export {
  selectTokenSpend,
  type TokenSpendBucket,
  type TokenSpendPicture,
} from './widgets/token-spend-kpi/select-token-spend.ts';
export {
  selectUsage,
  type UsageFigures,
  type UsagePicture,
  type UsagePictureSeries,
} from './widgets/usage-chart/select-usage.ts';
export {
  type RevenueBucket,
  type RevenuePicture,
  selectRevenue,
} from './widgets/revenue-hero/select-revenue.ts';
export {
  type ReconciliationCell,
  type ReconciliationPicture,
  type ReconciliationRow,
  selectReconciliation,
} from './widgets/reconciliation-status/select-reconciliation.ts';
export {
  type BudgetLevel,
  type BudgetPicture,
  type BudgetPictureRow,
  selectBudget,
  selectBudgets,
} from './widgets/budget/select-budgets.ts';
export type { WidgetState, WidgetStateName } from './states/widget-state.ts';
export { isStale } from './states/is-stale.ts';
