import { describeWidget } from '../../testing/describe-widget.tsx';
import { tokenSpendStates } from '../../testing/fixtures/token-spend-kpi-fixtures.tsx';
import { vitestTools } from '../../testing/suite-tools.vitest.tsx';
import { TokenSpendKpiView } from './TokenSpendKpiView.tsx';

describeWidget(vitestTools, {
  widget: 'token-spend-kpi',
  View: TokenSpendKpiView,
  states: tokenSpendStates,
  dataNames: [],
  partialText: /0\.4% pending/,
  reads: 'plot',
});
