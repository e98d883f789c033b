import type { ReconciliationState } from '@tallykit/protocol';
import { useSurroundings } from '../../provider/surroundings.ts';
import { stateMarks } from './state-marks.ts';

interface StatePillProps {
  readonly state: ReconciliationState;
  /** More than the state's own word, for example "Matched to 18 Nov". */
  readonly text?: string | undefined;
  readonly large?: boolean;
}

/** A state as a word in its tone, with the sign that it has in the grid. */
export function StatePill({ state, text, large = false }: StatePillProps) {
  const { say } = useSurroundings().speech;
  const { tone, sign } = stateMarks[state];
  return (
    <span className={`tk-pill tk-tone-${tone}${large ? ' tk-pill-large' : ''}`}>
      {sign !== '' && (
        <span className="tk-pill-sign" aria-hidden="true">
          {sign}
        </span>
      )}
      {text ?? say(`state.${state}`)}
    </span>
  );
}
