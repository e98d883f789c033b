import { describeWidget } from '../../testing/describe-widget.tsx';
import { reconciliationStates } from '../../testing/fixtures/reconciliation-status-fixtures.tsx';
import { vitestTools } from '../../testing/suite-tools.vitest.tsx';
import { ReconciliationStatusView } from './ReconciliationStatusView.tsx';

describeWidget(vitestTools, {
  widget: 'reconciliation-status',
  View: ReconciliationStatusView,
  states: reconciliationStates,
  dataNames: [],
  partialText: /12 calls pending/,
  reads: 'grid',
});
