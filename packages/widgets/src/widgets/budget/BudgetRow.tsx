import { Headline } from '../../card/Headline.tsx';
import { Phrase } from '../../card/Phrase.tsx';
import { Meter } from '../../charts/meter/Meter.tsx';
import { useSurroundings } from '../../provider/surroundings.ts';
import { BudgetDetails } from './BudgetDetails.tsx';
import { BudgetStatePill } from './BudgetStatePill.tsx';
import { budgetTexts, type BudgetTexts, type BudgetWording } from './budget-texts.ts';
import type { BudgetPictureRow } from './select-budgets.ts';

/** What every form of a budget takes. */
interface BudgetRowProps {
  readonly wording: BudgetWording;
  readonly onEdit: ((row: BudgetPictureRow) => void) | undefined;
}

function BudgetMeter({ row, texts }: { readonly row: BudgetPictureRow; readonly texts: BudgetTexts }) {
  const { direction } = useSurroundings();
  return (
    <Meter
      label={texts.name}
      text={texts.meter}
      parts={row.drawn && { taken: row.drawn.spent, held: row.drawn.reserved }}
      tone={row.status.state}
      marks={Number(row.budget.limit.amount) > 0 ? row.levels.map(({ level }) => level) : []}
      direction={direction}
    />
  );
}

/** What one must know to read the bar: window, action, what is held, and what is missing. */
function BudgetTerms({ wording, texts }: { readonly wording: BudgetWording; readonly texts: BudgetTexts }) {
  const { row, speech } = wording;
  const { otherCurrencies } = row.status;
  return (
    <ul className="tk-terms">
      <li>{texts.window}</li>
      <li>{texts.action}</li>
      {texts.kind !== null && <li>{texts.kind}</li>}
      {texts.isReserved && (
        <li className="tk-term-held">{speech.say('budget.reserved', { amount: texts.reserved })}</li>
      )}
      {Number(row.budget.limit.amount) === 0 && <li>{speech.say('budget.nothing')}</li>}
      {row.missingCalls > 0 && (
        <li className="tk-term-missing">{speech.say('budget.missing', {}, row.missingCalls)}</li>
      )}
      {otherCurrencies.length > 0 && (
        <li className="tk-term-missing">
          {speech.say('budget.other-currencies', { currencies: otherCurrencies.join(', ') })}
        </li>
      )}
    </ul>
  );
}

/** One of several budgets. */
export function BudgetRow({ wording, onEdit }: BudgetRowProps) {
  const texts = budgetTexts(wording);
  const { row } = wording;
  return (
    <li className="tk-budget">
      <div className="tk-budget-line">
        <span className="tk-budget-name">{texts.name}</span>
        <BudgetStatePill state={row.status.state} />
      </div>
      <div className="tk-budget-line">
        <span title={texts.whole}>
          <Phrase id="budget.of" values={{ spent: texts.spent, limit: texts.limit }} strong="spent" />
        </span>
        <span className="tk-budget-used">{texts.used}</span>
      </div>
      <BudgetMeter row={row} texts={texts} />
      <BudgetTerms wording={wording} texts={texts} />
      <BudgetDetails wording={wording} texts={texts} onEdit={onEdit} />
    </li>
  );
}

/** A budget that has the card to itself. */
export function SingleBudget({ wording, onEdit }: BudgetRowProps) {
  const texts = budgetTexts(wording);
  const { row, formats, speech } = wording;
  const { spent } = row.status;
  const parts =
    spent.unit === 'money' && spent.amount !== null
      ? formats.moneyParts({ amount: spent.amount, currency: spent.currency })
      : [{ text: texts.spent, fraction: false }];
  return (
    <div className="tk-budget">
      <div className="tk-budget-line">
        <Headline parts={parts} />
        <BudgetStatePill state={row.status.state} />
      </div>
      <p className="tk-under tk-budget-line">
        <span title={texts.whole}>{speech.say('budget.of-limit', { limit: texts.limit })}</span>
        <span className="tk-budget-used">{texts.used}</span>
      </p>
      <BudgetMeter row={row} texts={texts} />
      <BudgetTerms wording={wording} texts={texts} />
      <BudgetDetails wording={wording} texts={texts} onEdit={onEdit} />
    </div>
  );
}
