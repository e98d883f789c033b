import type { Grain } from '@tallykit/protocol';
import { useSurroundings } from '../provider/surroundings.ts';
import { SelectControl } from './SelectControl.tsx';

interface GrainControlProps {
  readonly grain: Grain;
  /** The steps that suit the period. */
  readonly grains: readonly Grain[];
  readonly onChange: (grain: Grain) => void;
}

/** Chooses how wide a bucket of time is. */
export function GrainControl({ grain, grains, onChange }: GrainControlProps) {
  const { say } = useSurroundings().speech;
  return (
    <SelectControl
      label={say('usage.grain')}
      value={grain}
      options={grains.map((one) => ({ value: one, label: say(`grain.${one}`) }))}
      onChange={onChange}
    />
  );
}
