import type { Grain, UsageGroup } from '@tallykit/protocol';
import { GrainControl } from '../../controls/GrainControl.tsx';
import { GroupControl } from '../../controls/GroupControl.tsx';
import { MeasureControl, type UsageMeasure } from '../../controls/MeasureControl.tsx';

/** What the reader may choose. A choice without a handler is not offered. */
export interface UsageChoices {
  readonly measure: UsageMeasure;
  readonly measures: readonly UsageMeasure[];
  readonly onMeasureChange: (measure: UsageMeasure) => void;
  readonly groupBy: UsageGroup;
  readonly groups: readonly UsageGroup[];
  readonly onGroupByChange?: ((group: UsageGroup) => void) | undefined;
  readonly grain: Grain;
  readonly grains: readonly Grain[];
  readonly onGrainChange?: ((grain: Grain) => void) | undefined;
}

/** The choices above the picture. */
export function UsageControls(choices: UsageChoices) {
  const { measure, measures, onMeasureChange, groupBy, groups, onGroupByChange } = choices;
  const { grain, grains, onGrainChange } = choices;
  return (
    <div className="tk-controls">
      <MeasureControl measure={measure} measures={measures} onChange={onMeasureChange} />
      {onGroupByChange && groups.length > 1 && (
        <GroupControl group={groupBy} groups={groups} onChange={onGroupByChange} />
      )}
      {onGrainChange && grains.length > 1 && (
        <GrainControl grain={grain} grains={grains} onChange={onGrainChange} />
      )}
    </div>
  );
}
