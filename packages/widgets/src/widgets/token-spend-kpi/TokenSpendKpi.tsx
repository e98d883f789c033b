import { inZone, type WidgetQuestion } from '../../provider/question.ts';
import { useSurroundings } from '../../provider/surroundings.ts';
import { useInsight } from '../../provider/use-insight.ts';
import { ViewBoundary } from '../../states/ViewBoundary.tsx';
import { selectTokenSpend } from './select-token-spend.ts';
import { TokenSpendKpiView } from './TokenSpendKpiView.tsx';

/** What {@link TokenSpendKpi} takes. */
export interface TokenSpendKpiProps extends WidgetQuestion {
  /** Only calls of this environment, for example `production`. */
  readonly environment?: string | undefined;
  readonly className?: string | undefined;
}

function Connected({ className, environment, ...question }: TokenSpendKpiProps) {
  const params = { ...inZone(question, useSurroundings()), environment };
  const { state, retry } = useInsight('token-spend', params, selectTokenSpend);
  return <TokenSpendKpiView state={state} onRetry={retry} className={className} />;
}

/**
 * What the calls of a period cost, connected to the server: the last 30 days unless told otherwise.
 *
 * @example
 * <TallykitProvider client={client}><TokenSpendKpi from="2026-11-01T00:00:00Z" /></TallykitProvider>
 */
export function TokenSpendKpi(props: TokenSpendKpiProps) {
  return (
    <ViewBoundary
      widget="token-spend-kpi"
      card={(fallback) => <TokenSpendKpiView {...fallback} className={props.className} />}
    >
      <Connected {...props} />
    </ViewBoundary>
  );
}
