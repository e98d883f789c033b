import { useState } from 'react';
import { Card } from '../../card/Card.tsx';
import { Headline } from '../../card/Headline.tsx';
import { TwinToggle } from '../../card/TwinToggle.tsx';
import { TableTwin } from '../../charts/table/TableTwin.tsx';
import { revenueEnglish } from '../../messages/english/revenue.ts';
import { useSurroundings } from '../../provider/surroundings.ts';
import { Empty } from '../../states/Empty.tsx';
import { FreshnessNote } from '../../states/FreshnessNote.tsx';
import { WarningPill } from '../../states/PendingPill.tsx';
import { StateBody } from '../../states/StateBody.tsx';
import { ViewBoundary, type ViewProps } from '../../states/ViewBoundary.tsx';
import { pictureOf } from '../../states/widget-state.ts';
import { RevenueBars } from './RevenueBars.tsx';
import { RevenueComparison } from './RevenueComparison.tsx';
import { revenueTable, revenueTitle } from './revenue-texts.ts';
import type { RevenuePicture } from './select-revenue.ts';

/** What {@link RevenueHeroView} takes. */
export type RevenueHeroViewProps = ViewProps<RevenuePicture>;

const widget = 'revenue-hero';

function RevenueBody({ picture, table }: { readonly picture: RevenuePicture; readonly table: boolean }) {
  const { speech, formatsIn } = useSurroundings();
  const formats = formatsIn(picture.range.timeZone);
  if (table) return <TableTwin {...revenueTable(picture, formats, speech)} />;
  return (
    <>
      {picture.invoiced && <Headline parts={formats.moneyParts(picture.invoiced)} large />}
      {picture.invoicedBeside.length > 0 && (
        <p className="tk-beside">
          {speech.say('value.also', {
            amounts: picture.invoicedBeside.map((money) => formats.money(money)).join(', '),
          })}
        </p>
      )}
      <RevenueComparison picture={picture} />
      <div className="tk-line-place">
        <RevenueBars picture={picture} />
      </div>
    </>
  );
}

function RevenueFooter({
  picture,
  partial,
}: {
  readonly picture: RevenuePicture;
  readonly partial: boolean;
}) {
  const { speech, formatsIn } = useSurroundings();
  const { say } = speech;
  const withoutTax = picture.invoicedWithoutTax;
  return (
    <>
      {partial && <WarningPill text={say('revenue.partial')} why={say('revenue.partial-why')} />}
      <span>{say('revenue.invoices', {}, picture.invoices)}</span>
      {withoutTax && withoutTax.amount !== picture.invoiced?.amount && (
        <span>
          {say('revenue.without-tax', { amount: formatsIn(picture.range.timeZone).money(withoutTax) })}
        </span>
      )}
    </>
  );
}

function RevenueCard({ state, onRetry, className }: RevenueHeroViewProps) {
  const { speech, formatsIn } = useSurroundings();
  const { say } = speech;
  const [table, setTable] = useState(false);
  const picture = pictureOf(state);
  const drawn = state.name === 'empty' ? null : picture;
  return (
    <Card
      widget={widget}
      state={state.name}
      className={className}
      title={
        picture
          ? revenueTitle(picture, formatsIn(picture.range.timeZone), speech)
          : say('revenue.title-plain')
      }
      note={picture && <FreshnessNote {...picture} stale={state.name === 'stale'} text="revenue.source" />}
      footer={
        drawn && (
          <>
            <RevenueFooter picture={drawn} partial={state.name === 'partial'} />
            <TwinToggle table={table} onChange={setTable} />
          </>
        )
      }
    >
      <StateBody
        state={state}
        onRetry={onRetry}
        empty={() => <Empty title={say('revenue.empty')} text={say('revenue.empty-text')} />}
      >
        {(shown) => <RevenueBody picture={shown} table={table} />}
      </StateBody>
    </Card>
  );
}

/**
 * Invoiced revenue of a month: the total of posted invoices, compared with as many days of the month before, and its
 * days as bars. It is neither a projection nor cash.
 *
 * @example
 * <RevenueHeroView state={selectRevenue(answer)} />
 */
export function RevenueHeroView(props: RevenueHeroViewProps) {
  return (
    <ViewBoundary
      widget={widget}
      texts={revenueEnglish}
      card={(fallback) => <RevenueCard {...fallback} className={props.className} />}
    >
      <RevenueCard {...props} />
    </ViewBoundary>
  );
}
