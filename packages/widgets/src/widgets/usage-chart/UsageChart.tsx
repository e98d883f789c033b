import type { Grain, UsageGroup } from '@tallykit/protocol';
import { useState } from 'react';
import type { UsageMeasure } from '../../controls/MeasureControl.tsx';
import { inZone, type WidgetQuestion } from '../../provider/question.ts';
import { useSurroundings } from '../../provider/surroundings.ts';
import { useInsight } from '../../provider/use-insight.ts';
import { ViewBoundary } from '../../states/ViewBoundary.tsx';
import { selectUsage } from './select-usage.ts';
import { UsageChartView } from './UsageChartView.tsx';
import type { UsageShape } from './UsagePlot.tsx';

/** What {@link UsageChart} takes. */
export interface UsageChartProps extends WidgetQuestion {
  readonly environment?: string | undefined;
  /** Default: `area`. */
  readonly shape?: UsageShape | undefined;
  /** What is counted at first. Default: `cost`. */
  readonly defaultMeasure?: UsageMeasure | undefined;
  /** What it is grouped by at first. Default: `model`. */
  readonly defaultGroupBy?: UsageGroup | undefined;
  /** The step at first. Default: `day`. */
  readonly defaultGrain?: Grain | undefined;
  /** The groups that are offered. Default: model, product, flow. */
  readonly groups?: readonly UsageGroup[] | undefined;
  /** How many groups get a series of their own, 1 to 5. Default: 5. */
  readonly top?: number | undefined;
  readonly className?: string | undefined;
}

function Connected(props: UsageChartProps) {
  const { className, environment, shape, groups, defaultMeasure = 'cost', top = 5, ...question } = props;
  const [groupBy, setGroupBy] = useState<UsageGroup>(props.defaultGroupBy ?? 'model');
  const [grain, setGrain] = useState<Grain>(props.defaultGrain ?? 'day');
  const params = {
    ...inZone(question, useSurroundings()),
    environment,
    grain,
    groupBy,
    top: Math.max(1, Math.min(5, top)),
  };
  const { state, retry } = useInsight('usage-over-time', params, selectUsage);
  return (
    <UsageChartView
      state={state}
      onRetry={retry}
      className={className}
      shape={shape}
      defaultMeasure={defaultMeasure}
      groups={groups}
      groupBy={groupBy}
      onGroupByChange={setGroupBy}
      grain={grain}
      onGrainChange={setGrain}
    />
  );
}

/**
 * Usage over time, connected to the server: the last 30 days by day and model unless told otherwise. The reader may
 * change what is counted, the group and the step; the last answer stays while the next is on its way.
 *
 * @example
 * <TallykitProvider client={client}><UsageChart defaultGroupBy="flow" shape="bars" /></TallykitProvider>
 */
export function UsageChart(props: UsageChartProps) {
  return (
    <ViewBoundary
      widget="usage-chart"
      card={(fallback) => <UsageChartView {...fallback} className={props.className} />}
    >
      <Connected {...props} />
    </ViewBoundary>
  );
}
