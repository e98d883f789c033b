import { useSurroundings } from '../provider/surroundings.ts';

/** What a usage picture can count. */
export const usageMeasures = ['cost', 'tokens', 'calls'] as const;

/** One of {@link usageMeasures}. */
export type UsageMeasure = (typeof usageMeasures)[number];

interface MeasureControlProps {
  readonly measure: UsageMeasure;
  /** The measures that this reader may see. */
  readonly measures: readonly UsageMeasure[];
  readonly onChange: (measure: UsageMeasure) => void;
}

/** Chooses what is counted. */
export function MeasureControl({ measure, measures, onChange }: MeasureControlProps) {
  const { say } = useSurroundings().speech;
  return (
    <div className="tk-segments" role="group" aria-label={say('usage.measure')}>
      {measures.map((one) => (
        <button
          key={one}
          type="button"
          className="tk-segment"
          aria-pressed={one === measure}
          onClick={() => onChange(one)}
        >
          {say(`measure-short.${one}`)}
        </button>
      ))}
    </div>
  );
}
