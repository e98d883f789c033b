import { useSurroundings } from '../../provider/surroundings.ts';
import { StatePill } from './StatePill.tsx';
import type { ReconciliationPicture } from './select-reconciliation.ts';

/** State, period and coverage; nothing of what the vendor pays. */
export function CustomerBody({ picture }: { readonly picture: ReconciliationPicture }) {
  const { speech, formatsIn } = useSurroundings();
  const { say } = speech;
  const formats = formatsIn('UTC');
  const { matchedThrough, provisional, coverage, state } = picture;
  const settled = state === 'matched' || state === 'matched_with_adjustment' || state === 'provisional';
  return (
    <>
      <p className="tk-pill-line">
        {settled && matchedThrough !== null ? (
          <StatePill
            state={state === 'provisional' ? 'matched' : state}
            text={say('reconciliation.matched-through', { day: formats.calendarDay(matchedThrough) })}
            large
          />
        ) : (
          <StatePill state={state} text={say(`state-customer.${state}`)} large />
        )}
      </p>
      {coverage !== null && (
        <p className="tk-under">
          {say('reconciliation.coverage-usage', { coverage: formats.percent(coverage) })}
        </p>
      )}
      {provisional && (
        <p className="tk-under">
          {say(
            'reconciliation.provisional',
            { days: formats.calendarDays(provisional.first, provisional.last) },
            provisional.count,
          )}
        </p>
      )}
    </>
  );
}
