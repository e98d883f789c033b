import { Heatmap } from '../../charts/heatmap/Heatmap.tsx';
import { TableTwin } from '../../charts/table/TableTwin.tsx';
import { useSurroundings } from '../../provider/surroundings.ts';
import { reconciliationGrid, reconciliationTable } from './reconciliation-texts.ts';
import type { ReconciliationPicture } from './select-reconciliation.ts';
import { stateMarks, stateOrder } from './state-marks.ts';

interface OperatorBodyProps {
  readonly picture: ReconciliationPicture;
  readonly table: boolean;
}

function Figure({ value, text }: { readonly value: string; readonly text: string }) {
  return (
    <div className="tk-figure">
      <div className="tk-figure-value">{value}</div>
      <div className="tk-under">{text}</div>
    </div>
  );
}

/** Matched share and what is unexplained, then the grid of providers and days. */
export function OperatorBody({ picture, table }: OperatorBodyProps) {
  const { speech, formatsIn, direction } = useSurroundings();
  const { say } = speech;
  const formats = formatsIn('UTC');
  const wording = { picture, formats, speech };
  const { days, coverage, reported, unexplained } = picture;
  if (table) return <TableTwin {...reconciliationTable(wording)} />;
  const inOrder = picture.counts.toSorted(
    (one, other) => stateOrder.indexOf(one.state) - stateOrder.indexOf(other.state),
  );
  const first = days[0];
  const firstShown = days.at(-14) ?? first;
  const last = days.at(-1);
  return (
    <>
      <div className="tk-figures">
        <Figure
          value={coverage === null ? say('value.none') : formats.percent(coverage)}
          text={say('reconciliation.coverage')}
        />
        {unexplained && reported && (
          <Figure
            value={formats.money(unexplained)}
            text={say('reconciliation.unexplained', { reported: formats.money(reported) })}
          />
        )}
      </div>
      <Heatmap
        label={say('card.read', { title: say('reconciliation.picture') })}
        rowsLabel={say('column.provider')}
        columns={days.map((day) => formats.calendarDay(day))}
        rows={reconciliationGrid(wording)}
        direction={direction}
      />
      <div className="tk-heatmap-ends" aria-hidden="true">
        <span className="tk-wide-only">{first !== undefined && formats.calendarDay(first)}</span>
        <span className="tk-narrow-only">{firstShown !== undefined && formats.calendarDay(firstShown)}</span>
        <span>{last !== undefined && formats.calendarDay(last)}</span>
      </div>
      <ul className="tk-states">
        {inOrder.map((count) => (
          <li key={count.state}>
            <span className={`tk-cell-mark tk-mark-${stateMarks[count.state].tone}`} aria-hidden="true">
              {stateMarks[count.state].sign}
            </span>
            {say(`state.${count.state}`)}
          </li>
        ))}
      </ul>
    </>
  );
}
