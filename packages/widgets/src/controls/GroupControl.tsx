import type { UsageGroup } from '@tallykit/protocol';
import { useSurroundings } from '../provider/surroundings.ts';
import { SelectControl } from './SelectControl.tsx';

interface GroupControlProps {
  readonly group: UsageGroup;
  /** The groups that this reader may choose. */
  readonly groups: readonly UsageGroup[];
  readonly onChange: (group: UsageGroup) => void;
}

/** Chooses what usage is grouped by. */
export function GroupControl({ group, groups, onChange }: GroupControlProps) {
  const { say } = useSurroundings().speech;
  return (
    <SelectControl
      label={say('usage.group')}
      value={group}
      options={groups.map((one) => ({ value: one, label: say(`group.${one}`) }))}
      onChange={onChange}
    />
  );
}
