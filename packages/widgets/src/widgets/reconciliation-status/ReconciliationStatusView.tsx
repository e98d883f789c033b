import { useState } from 'react';
import { Card } from '../../card/Card.tsx';
import { TwinToggle } from '../../card/TwinToggle.tsx';
import { reconciliationEnglish } from '../../messages/english/reconciliation.ts';
import { useSurroundings } from '../../provider/surroundings.ts';
import { Empty } from '../../states/Empty.tsx';
import { FreshnessNote } from '../../states/FreshnessNote.tsx';
import { WarningPill } from '../../states/PendingPill.tsx';
import { StateBody } from '../../states/StateBody.tsx';
import { ViewBoundary, type ViewProps } from '../../states/ViewBoundary.tsx';
import { pictureOf } from '../../states/widget-state.ts';
import { CustomerBody } from './CustomerBody.tsx';
import { OperatorBody } from './OperatorBody.tsx';
import type { ReconciliationPicture } from './select-reconciliation.ts';

/** What {@link ReconciliationStatusView} takes. */
export interface ReconciliationStatusViewProps extends ViewProps<ReconciliationPicture> {
  /** Which form will be shown, so that the card has its size before the figures are there. Default: `operator`. */
  readonly form?: ReconciliationPicture['form'] | undefined;
}

const widget = 'reconciliation-status';

function Note({ picture, stale }: { readonly picture: ReconciliationPicture; readonly stale: boolean }) {
  const { speech, formatsIn } = useSurroundings();
  if (stale || picture.reportsReadAt === null) return <FreshnessNote {...picture} stale={stale} />;
  const time = formatsIn(picture.range.timeZone).dayTime(picture.reportsReadAt);
  return <span className="tk-freshness">{speech.say('reconciliation.reports', { time })}</span>;
}

function ReconciliationFooter({ picture }: { readonly picture: ReconciliationPicture }) {
  const { speech, formatsIn } = useSurroundings();
  const { provisional, unexplainedBeside, pendingCalls } = picture;
  return (
    <>
      {pendingCalls > 0 && (
        <WarningPill
          text={speech.say('reconciliation.pending', {}, pendingCalls)}
          why={speech.say('reconciliation.pending-why')}
        />
      )}
      {unexplainedBeside.length > 0 && (
        <span>
          {speech.say('value.also', {
            amounts: unexplainedBeside.map((money) => formatsIn('UTC').money(money)).join(', '),
          })}
        </span>
      )}
      {provisional && (
        <span>
          {speech.say(
            'reconciliation.provisional',
            { days: formatsIn('UTC').calendarDays(provisional.first, provisional.last) },
            provisional.count,
          )}
        </span>
      )}
    </>
  );
}

function ReconciliationCard({ state, onRetry, className, form = 'operator' }: ReconciliationStatusViewProps) {
  const { speech, formatsIn } = useSurroundings();
  const { say } = speech;
  const [table, setTable] = useState(false);
  const picture = pictureOf(state);
  const first = picture?.days[0];
  const days = first === undefined ? '' : formatsIn('UTC').calendarDays(first, picture?.days.at(-1) ?? first);
  const drawn = state.name !== 'empty' && picture?.form === 'operator' ? picture : null;
  return (
    <Card
      widget={widget}
      state={state.name}
      className={className}
      compact={(picture?.form ?? form) === 'customer'}
      title={first === undefined ? say('reconciliation.title') : say('reconciliation.title-days', { days })}
      note={picture && <Note picture={picture} stale={state.name === 'stale'} />}
      footer={
        drawn && (
          <>
            <ReconciliationFooter picture={drawn} />
            <TwinToggle table={table} onChange={setTable} />
          </>
        )
      }
    >
      <StateBody
        state={state}
        onRetry={onRetry}
        empty={() => <Empty title={say('reconciliation.empty')} text={say('reconciliation.empty-text')} />}
        notConfigured={{
          title: say('reconciliation.not-configured'),
          text: say('reconciliation.not-configured-text'),
        }}
      >
        {(shown) =>
          shown.form === 'operator' ? (
            <OperatorBody picture={shown} table={table} />
          ) : (
            <CustomerBody picture={shown} />
          )
        }
      </StateBody>
    </Card>
  );
}

/**
 * Whether the providers' own reports agree with what was captured: for operators the matched share, the unexplained
 * amount and a grid of providers and days; for customers the state, its period and its coverage.
 *
 * @example
 * <ReconciliationStatusView state={selectReconciliation(answer)} />
 */
export function ReconciliationStatusView(props: ReconciliationStatusViewProps) {
  return (
    <ViewBoundary
      widget={widget}
      texts={reconciliationEnglish}
      card={(fallback) => <ReconciliationCard {...props} {...fallback} className={props.className} />}
    >
      <ReconciliationCard {...props} />
    </ViewBoundary>
  );
}
