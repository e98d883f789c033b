import type { Grain, UsageGroup } from '@tallykit/protocol';
import { useState } from 'react';
import { Card } from '../../card/Card.tsx';
import { TwinToggle } from '../../card/TwinToggle.tsx';
import { TableTwin } from '../../charts/table/TableTwin.tsx';
import { usageMeasures, type UsageMeasure } from '../../controls/MeasureControl.tsx';
import { usageEnglish } from '../../messages/english/usage.ts';
import { useSurroundings } from '../../provider/surroundings.ts';
import { Empty } from '../../states/Empty.tsx';
import { FreshnessNote } from '../../states/FreshnessNote.tsx';
import { PendingPill } from '../../states/PendingPill.tsx';
import { StateBody } from '../../states/StateBody.tsx';
import { ViewBoundary, type ViewProps } from '../../states/ViewBoundary.tsx';
import { pictureOf } from '../../states/widget-state.ts';
import { grainsFor } from './grains-for.ts';
import { UsageControls } from './UsageControls.tsx';
import { UsagePlot, type UsageShape } from './UsagePlot.tsx';
import type { UsagePicture } from './select-usage.ts';
import { usageTable, usageTitle } from './usage-texts.ts';

/** What {@link UsageChartView} takes. */
export interface UsageChartViewProps extends ViewProps<UsagePicture> {
  /** Default: `area`. */
  readonly shape?: UsageShape | undefined;
  /** What is counted at first; the reader may change it. Default: `cost`. */
  readonly defaultMeasure?: UsageMeasure | undefined;
  /** The group that is asked for; while the next answer is on its way it differs from the picture's. */
  readonly groupBy?: UsageGroup | undefined;
  /** The groups that are offered. Default: model, product, flow. */
  readonly groups?: readonly UsageGroup[] | undefined;
  /** Offers the choice of a group. */
  readonly onGroupByChange?: ((group: UsageGroup) => void) | undefined;
  /** The step that is asked for. */
  readonly grain?: Grain | undefined;
  /** Offers the choice of a step. */
  readonly onGrainChange?: ((grain: Grain) => void) | undefined;
}

const widget = 'usage-chart';
const usualGroups: readonly UsageGroup[] = ['model', 'product', 'flow'];

function UsageCard(props: UsageChartViewProps) {
  const { state, onRetry, className, shape = 'area', defaultMeasure = 'cost', groups = usualGroups } = props;
  const { speech, formatsIn } = useSurroundings();
  const { say } = speech;
  const [chosen, setMeasure] = useState<UsageMeasure>(defaultMeasure);
  const [table, setTable] = useState(false);
  const picture = pictureOf(state);
  const measures: readonly UsageMeasure[] =
    state.name === 'withheld' ? usageMeasures.filter((one) => one !== 'cost') : usageMeasures;
  const measure = measures.includes(chosen) ? chosen : 'tokens';
  const drawn = state.name === 'empty' ? null : picture;
  const groupBy = props.groupBy ?? picture?.groupBy ?? 'model';
  const shown = drawn?.series.filter((series) => series.others === 0).length ?? 0;
  return (
    <Card
      widget={widget}
      state={state.name}
      className={className}
      title={usageTitle({ picture: picture ?? { groupBy }, measure, speech })}
      note={picture && <FreshnessNote {...picture} stale={state.name === 'stale'} />}
      footer={
        drawn && (
          <>
            <PendingPill {...drawn.pending} />
            {state.name === 'withheld' && <span>{say('usage.withheld')}</span>}
            {drawn.groups > shown && (
              <span>
                {say(measure === 'cost' ? 'usage.top' : 'usage.top-by-cost', {
                  shown: formatsIn('UTC').count(shown),
                  groups: formatsIn('UTC').count(drawn.groups),
                })}
              </span>
            )}
            {measure === 'cost' && drawn.costBeside.length > 0 && (
              <span>
                {say('value.also', {
                  amounts: drawn.costBeside.map((money) => formatsIn('UTC').money(money)).join(', '),
                })}
              </span>
            )}
            <TwinToggle table={table} onChange={setTable} />
          </>
        )
      }
    >
      <StateBody
        state={state}
        onRetry={onRetry}
        loading={{ headline: false }}
        empty={() => <Empty title={say('usage.empty')} text={say('usage.empty-text')} />}
      >
        {(shownPicture) => {
          const wording = {
            picture: shownPicture,
            measure,
            formats: formatsIn(shownPicture.range.timeZone),
            speech,
          };
          return (
            <>
              <UsageControls
                measure={measure}
                measures={measures}
                onMeasureChange={setMeasure}
                groupBy={groupBy}
                groups={groups.includes(groupBy) ? groups : [groupBy, ...groups]}
                onGroupByChange={props.onGroupByChange}
                grain={props.grain ?? shownPicture.grain}
                grains={grainsFor(shownPicture.range)}
                onGrainChange={props.onGrainChange}
              />
              {table ? <TableTwin {...usageTable(wording)} /> : <UsagePlot wording={wording} shape={shape} />}
            </>
          );
        }}
      </StateBody>
    </Card>
  );
}

/**
 * Usage over time: cost, tokens or calls, stacked by the largest groups with all others last. The bucket that is still
 * open is drawn apart. Readable by pointer, touch and keyboard, and as a table.
 *
 * @example
 * <UsageChartView state={selectUsage(answer)} shape="bars" />
 */
export function UsageChartView(props: UsageChartViewProps) {
  return (
    <ViewBoundary
      widget={widget}
      texts={usageEnglish}
      card={(fallback) => <UsageCard {...props} {...fallback} className={props.className} />}
    >
      <UsageCard {...props} />
    </ViewBoundary>
  );
}
