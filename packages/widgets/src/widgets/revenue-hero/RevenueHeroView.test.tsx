import { describeWidget } from '../../testing/describe-widget.tsx';
import { revenueStates } from '../../testing/fixtures/revenue-hero-fixtures.tsx';
import { vitestTools } from '../../testing/suite-tools.vitest.tsx';
import { RevenueHeroView } from './RevenueHeroView.tsx';

describeWidget(vitestTools, {
  widget: 'revenue-hero',
  View: RevenueHeroView,
  states: revenueStates,
  dataNames: [],
  partialText: /incomplete/,
  reads: 'plot',
});
