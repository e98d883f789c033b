import { useState } from 'react';
import { Card } from '../../card/Card.tsx';
import { TwinToggle } from '../../card/TwinToggle.tsx';
import { TableTwin } from '../../charts/table/TableTwin.tsx';
import { budgetEnglish } from '../../messages/english/budget.ts';
import { useSurroundings, type Surroundings } from '../../provider/surroundings.ts';
import { Empty } from '../../states/Empty.tsx';
import { FreshnessNote } from '../../states/FreshnessNote.tsx';
import { StateBody } from '../../states/StateBody.tsx';
import { ViewBoundary, type ViewProps } from '../../states/ViewBoundary.tsx';
import { pictureOf } from '../../states/widget-state.ts';
import { BudgetRow, SingleBudget } from './BudgetRow.tsx';
import { budgetTable, budgetTexts, type BudgetWording } from './budget-texts.ts';
import type { BudgetPicture, BudgetPictureRow } from './select-budgets.ts';

/** What {@link BudgetView} takes. */
export interface BudgetViewProps extends ViewProps<BudgetPicture> {
  /** Which form will be shown, so that the card has its size before the figures are there. Default: `list`. */
  readonly form?: BudgetPicture['form'] | undefined;
  /** How many budgets of a list are shown. Default: 3. */
  readonly limit?: number | undefined;
  /** Where a budget can be set; shown while there is none. */
  readonly setupHref?: string | undefined;
  /** Offered as "Change" on each budget that the reader may change. */
  readonly onEdit?: ((row: BudgetPictureRow) => void) | undefined;
}

const widget = 'budget';
const usualLimit = 3;
/** Lists keep room for so many rows at most; longer ones grow. */
const mostReserved = 5;

function wordingsOf(
  { rows, customer, freshness }: BudgetPicture,
  most: number,
  { formatsIn, speech }: Pick<Surroundings, 'formatsIn' | 'speech'>,
): readonly BudgetWording[] {
  return rows.slice(0, most).map((row) => ({
    row,
    customer,
    asOf: freshness.asOf,
    formats: formatsIn(row.status.window.timeZone),
    speech,
  }));
}

function Cut({ picture, shown }: { readonly picture: BudgetPicture; readonly shown: number }) {
  const { speech, formatsIn } = useSurroundings();
  const { count } = formatsIn('UTC');
  const all = picture.rows.length;
  if (all <= shown && !picture.more) return null;
  const values = { shown: count(Math.min(shown, all)), budgets: count(all) };
  return <span>{speech.say(picture.more ? 'budget.top-of-first' : 'budget.top', values)}</span>;
}

function BudgetCard(props: BudgetViewProps) {
  const { state, onRetry, className, limit = usualLimit, setupHref, onEdit } = props;
  const { speech, formatsIn, timeZone: ownZone } = useSurroundings();
  const { say } = speech;
  const [table, setTable] = useState(false);
  const picture = pictureOf(state);
  const drawn = state.name === 'empty' ? null : picture;
  const form = picture?.form ?? props.form ?? 'list';
  const zone = picture?.timeZone ?? ownZone;
  const most = Math.max(1, Math.floor(limit));
  const room = form === 'one' ? 'tk-budget-room-one' : `tk-budget-room-${Math.min(most, mostReserved)}`;
  const wordings = drawn === null ? [] : wordingsOf(drawn, most, { formatsIn, speech });
  const [first] = wordings;
  const single = form === 'one' && first !== undefined;
  const title = single ? budgetTexts(first).name : say(form === 'one' ? 'budget.title-one' : 'budget.title');
  return (
    <Card
      widget={widget}
      state={state.name}
      className={className === undefined ? room : `${room} ${className}`}
      title={title}
      note={
        picture &&
        zone !== undefined && (
          <FreshnessNote
            freshness={picture.freshness}
            range={{ timeZone: zone }}
            stale={state.name === 'stale'}
          />
        )
      }
      footer={
        drawn && (
          <>
            <Cut picture={drawn} shown={wordings.length} />
            <TwinToggle table={table} onChange={setTable} />
          </>
        )
      }
    >
      <StateBody
        state={state}
        onRetry={onRetry}
        loading={{
          headline: form === 'one',
          picture: false,
          bars: form === 'one' ? 1 : Math.min(most, mostReserved),
        }}
        empty={() => (
          <Empty title={say('budget.empty')} text={say('budget.empty-text')}>
            {setupHref !== undefined && (
              <a className="tk-link" href={setupHref}>
                {say('budget.set-up')}
              </a>
            )}
          </Empty>
        )}
        notConfigured={{ title: say('budget.not-configured'), text: say('budget.not-configured-text') }}
      >
        {() => {
          if (table) return <TableTwin {...budgetTable(wordings.map(budgetTexts), speech, title)} />;
          if (single) return <SingleBudget wording={first} onEdit={onEdit} />;
          return (
            <ul className="tk-budgets">
              {wordings.map((wording) => (
                <BudgetRow key={wording.row.budget.id} wording={wording} onEdit={onEdit} />
              ))}
            </ul>
          );
        }}
      </StateBody>
    </Card>
  );
}

/**
 * Budgets: what is spent of each limit, what is held for calls under way, and what happens at the limit. Those over
 * their limit come first, then those that have warned. One budget alone has its spend as the headline.
 *
 * @example
 * <BudgetView state={selectBudgets(answer)} limit={3} />
 */
export function BudgetView(props: BudgetViewProps) {
  return (
    <ViewBoundary
      widget={widget}
      texts={budgetEnglish}
      card={(fallback) => <BudgetCard {...props} {...fallback} className={props.className} />}
    >
      <BudgetCard {...props} />
    </ViewBoundary>
  );
}
