export type { WidgetFixture } from './fixtures/widget-fixture.tsx';
export { widgetFixtures } from './fixtures/widget-fixtures.ts';
export { tokenSpendKpiFixtures } from './fixtures/token-spend-kpi-fixtures.tsx';
export { usageChartFixtures } from './fixtures/usage-chart-fixtures.tsx';
export { revenueHeroFixtures } from './fixtures/revenue-hero-fixtures.tsx';
export { reconciliationStatusFixtures } from './fixtures/reconciliation-status-fixtures.tsx';
export { describeWidget } from './describe-widget.tsx';
export type { Expectation, Rendering, SuiteTools } from './suite-tools.ts';
export type { WidgetSubject } from './widget-subject.ts';
