import type { BudgetState } from '@tallykit/protocol';
import { useSurroundings } from '../../provider/surroundings.ts';

/** Tone of a state, and a sign for readers who do not tell tones apart. Inside is the usual case and stays quiet. */
const marks = {
  inside: { tone: 'none', sign: '' },
  warned: { tone: 'warn', sign: '!' },
  over: { tone: 'bad', sign: '■' },
} as const satisfies Record<BudgetState, { readonly tone: string; readonly sign: string }>;

/** Where a budget stands, as a word. */
export function BudgetStatePill({ state }: { readonly state: BudgetState }) {
  const { say } = useSurroundings().speech;
  const { tone, sign } = marks[state];
  return (
    <span className={`tk-pill tk-tone-${tone}`}>
      {sign !== '' && (
        <span className="tk-pill-sign" aria-hidden="true">
          {sign}
        </span>
      )}
      {say(`budget.state.${state}`)}
    </span>
  );
}
