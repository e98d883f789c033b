import { inZone, type WidgetQuestion } from '../../provider/question.ts';
import { useInsight } from '../../provider/use-insight.ts';
import { ViewBoundary } from '../../states/ViewBoundary.tsx';
import { ReconciliationStatusView } from './ReconciliationStatusView.tsx';
import { selectReconciliation } from './select-reconciliation.ts';

/** What {@link ReconciliationStatus} takes. Its days are UTC days, as providers report them. */
export interface ReconciliationStatusProps extends WidgetQuestion {
  /** Where reconciliation can be set up; shown while it is not. */
  readonly setupHref?: string | undefined;
  /** Say `customer` in a customer's panel, so that the card has that size from the start; it changes nothing else. */
  readonly form?: 'operator' | 'customer' | undefined;
  readonly className?: string | undefined;
}

function Connected({ className, setupHref, form, ...question }: ReconciliationStatusProps) {
  const { timeZone: _, ...params } = inZone(question, { timeZone: undefined });
  const { state, retry } = useInsight('reconciliation-status', params, selectReconciliation);
  const shown = state.name === 'not_configured' ? { ...state, href: setupHref } : state;
  return <ReconciliationStatusView state={shown} onRetry={retry} form={form} className={className} />;
}

/**
 * Whether the providers' reports agree with what was captured, connected to the server: the last 14 days unless told
 * otherwise. Customers see state, period and coverage only; the server decides which form it is.
 *
 * @example
 * <TallykitProvider client={client}><ReconciliationStatus setupHref="/settings/providers" /></TallykitProvider>
 */
export function ReconciliationStatus(props: ReconciliationStatusProps) {
  return (
    <ViewBoundary
      widget="reconciliation-status"
      card={(fallback) => (
        <ReconciliationStatusView {...fallback} form={props.form} className={props.className} />
      )}
    >
      <Connected {...props} />
    </ViewBoundary>
  );
}
