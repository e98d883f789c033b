'use client';

export { TallykitProvider, type TallykitProviderProps } from './provider/TallykitProvider.tsx';
export { TallykitSettingsProvider } from './provider/TallykitSettingsProvider.tsx';
export type {
  SeriesColors,
  TallykitSettings,
  TallykitSettingsProps,
  Theme,
  WidgetFailure,
} from './provider/settings.ts';
export type { SeriesSlot } from './charts/legend/series-slot.ts';
export type { WidgetQuestion } from './provider/question.ts';

export { TokenSpendKpi, type TokenSpendKpiProps } from './widgets/token-spend-kpi/TokenSpendKpi.tsx';
export {
  TokenSpendKpiView,
  type TokenSpendKpiViewProps,
} from './widgets/token-spend-kpi/TokenSpendKpiView.tsx';
export {
  selectTokenSpend,
  type TokenSpendBucket,
  type TokenSpendPicture,
} from './widgets/token-spend-kpi/select-token-spend.ts';

export { UsageChart, type UsageChartProps } from './widgets/usage-chart/UsageChart.tsx';
export { UsageChartView, type UsageChartViewProps } from './widgets/usage-chart/UsageChartView.tsx';
export type { UsageShape } from './widgets/usage-chart/UsagePlot.tsx';
export {
  selectUsage,
  type UsageFigures,
  type UsagePicture,
  type UsagePictureSeries,
} from './widgets/usage-chart/select-usage.ts';
export { type UsageMeasure, usageMeasures } from './controls/MeasureControl.tsx';

export { RevenueHero, type RevenueHeroProps } from './widgets/revenue-hero/RevenueHero.tsx';
export { RevenueHeroView, type RevenueHeroViewProps } from './widgets/revenue-hero/RevenueHeroView.tsx';
export {
  type RevenueBucket,
  type RevenuePicture,
  selectRevenue,
} from './widgets/revenue-hero/select-revenue.ts';

export {
  ReconciliationStatus,
  type ReconciliationStatusProps,
} from './widgets/reconciliation-status/ReconciliationStatus.tsx';
export {
  ReconciliationStatusView,
  type ReconciliationStatusViewProps,
} from './widgets/reconciliation-status/ReconciliationStatusView.tsx';
export {
  type ReconciliationCell,
  type ReconciliationPicture,
  type ReconciliationRow,
  selectReconciliation,
} from './widgets/reconciliation-status/select-reconciliation.ts';

export { Budget, type BudgetProps } from './widgets/budget/Budget.tsx';
export { BudgetView, type BudgetViewProps } from './widgets/budget/BudgetView.tsx';
export {
  type BudgetLevel,
  type BudgetPicture,
  type BudgetPictureRow,
  selectBudget,
  selectBudgets,
} from './widgets/budget/select-budgets.ts';

export type { ViewProps } from './states/ViewBoundary.tsx';
export type { WidgetState, WidgetStateName } from './states/widget-state.ts';
export { english, type MessageId, type Messages } from './messages/english.ts';
export type { Forms, Message } from './messages/message.ts';
