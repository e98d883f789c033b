import type { BudgetTexts, BudgetWording } from './budget-texts.ts';
import type { BudgetLevel, BudgetPictureRow } from './select-budgets.ts';

interface BudgetDetailsProps {
  readonly wording: BudgetWording;
  readonly texts: BudgetTexts;
  /** Offered where the reader may change the budget. */
  readonly onEdit: ((row: BudgetPictureRow) => void) | undefined;
}

interface Fact {
  readonly name: string;
  readonly value: string;
}

function levelText({ passed, at }: BudgetLevel, { formats, speech: { say } }: BudgetWording): string {
  if (!passed) return say('budget.not-passed');
  return at === null ? say('budget.passed') : say('budget.passed-at', { time: formats.dayTime(at) });
}

function facts(wording: BudgetWording, texts: BudgetTexts): readonly Fact[] {
  const { row, formats, speech } = wording;
  const { say } = speech;
  const { from, timeZone } = row.status.window;
  const inZone = (instant: string): string =>
    say('budget.in-zone', { time: formats.dayTime(instant), zone: timeZone });
  const { resetsAt } = row.status;
  const instants = [
    ...(from === null ? [] : [{ name: say('budget.since'), value: inZone(from) }]),
    ...(resetsAt === null ? [] : [{ name: say('budget.reset'), value: inZone(resetsAt) }]),
  ];
  return [
    { name: say('budget.scope'), value: texts.scope },
    { name: say('budget.spent'), value: texts.exact.spent },
    { name: say('budget.held'), value: texts.reserved },
    { name: say('budget.left'), value: texts.exact.left },
    { name: say('column.calls'), value: formats.count(row.status.calls) },
    ...instants,
    ...row.levels.map((level) => ({
      name: say(level.level === 1 ? 'budget.limit' : 'budget.level', { level: formats.percent(level.level) }),
      value: levelText(level, wording),
    })),
  ];
}

/** What is worth knowing and not worth a line: exact figures, what it is about, and when each level was passed. */
export function BudgetDetails({ wording, texts, onEdit }: BudgetDetailsProps) {
  const { row, speech } = wording;
  return (
    <div className="tk-more-line">
      <details className="tk-more">
        <summary className="tk-quiet">
          {speech.say('budget.details')}
          <span className="tk-hidden">, {texts.name}</span>
        </summary>
        <dl className="tk-facts">
          {facts(wording, texts).map(({ name, value }, index) => (
            <div key={index} className="tk-fact">
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      </details>
      {onEdit && row.budget.editable && (
        <button type="button" className="tk-quiet" onClick={() => onEdit(row)}>
          {speech.say('budget.edit')}
          <span className="tk-hidden">, {texts.name}</span>
        </button>
      )}
    </div>
  );
}
