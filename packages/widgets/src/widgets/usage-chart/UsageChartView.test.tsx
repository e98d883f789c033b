import { exampleModels } from '../../testing/answers/usage-answer.ts';
import { describeWidget } from '../../testing/describe-widget.tsx';
import { usageStates } from '../../testing/fixtures/usage-chart-fixtures.tsx';
import { vitestTools } from '../../testing/suite-tools.vitest.tsx';
import { UsageChartView } from './UsageChartView.tsx';

describeWidget(vitestTools, {
  widget: 'usage-chart',
  View: UsageChartView,
  states: usageStates,
  dataNames: exampleModels,
  partialText: /pending/,
  reads: 'plot',
});
