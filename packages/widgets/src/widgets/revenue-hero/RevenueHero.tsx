import { inZone, type WidgetQuestion } from '../../provider/question.ts';
import { useSurroundings } from '../../provider/surroundings.ts';
import { useInsight } from '../../provider/use-insight.ts';
import { ViewBoundary } from '../../states/ViewBoundary.tsx';
import { RevenueHeroView } from './RevenueHeroView.tsx';
import { selectRevenue } from './select-revenue.ts';

/** What {@link RevenueHero} takes. */
export interface RevenueHeroProps extends WidgetQuestion {
  readonly className?: string | undefined;
}

function Connected({ className, ...question }: RevenueHeroProps) {
  const params = inZone(question, useSurroundings());
  const { state, retry } = useInsight('revenue-hero', params, selectRevenue);
  return <RevenueHeroView state={state} onRetry={retry} className={className} />;
}

/**
 * Invoiced revenue, connected to the server: the current month unless told otherwise.
 *
 * @example
 * <TallykitProvider client={client}><RevenueHero /></TallykitProvider>
 */
export function RevenueHero(props: RevenueHeroProps) {
  return (
    <ViewBoundary
      widget="revenue-hero"
      card={(fallback) => <RevenueHeroView {...fallback} className={props.className} />}
    >
      <Connected {...props} />
    </ViewBoundary>
  );
}
