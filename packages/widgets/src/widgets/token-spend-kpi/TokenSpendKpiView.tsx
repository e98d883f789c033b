import { useState } from 'react';
import { Card } from '../../card/Card.tsx';
import { TwinToggle } from '../../card/TwinToggle.tsx';
import { spanOf } from '../../format/span-of.ts';
import { tokenSpendEnglish } from '../../messages/english/token-spend.ts';
import { useSurroundings } from '../../provider/surroundings.ts';
import { Empty } from '../../states/Empty.tsx';
import { FreshnessNote } from '../../states/FreshnessNote.tsx';
import { PendingPill } from '../../states/PendingPill.tsx';
import { StateBody } from '../../states/StateBody.tsx';
import { ViewBoundary, type ViewProps } from '../../states/ViewBoundary.tsx';
import { pictureOf } from '../../states/widget-state.ts';
import { TokenSpendBody } from './TokenSpendBody.tsx';
import type { TokenSpendPicture } from './select-token-spend.ts';

/** What {@link TokenSpendKpiView} takes. */
export type TokenSpendKpiViewProps = ViewProps<TokenSpendPicture>;

const widget = 'token-spend-kpi';

function UnattributedShare({ picture }: { readonly picture: TokenSpendPicture }) {
  const { speech, formatsIn } = useSurroundings();
  const { calls, share } = picture.unattributed;
  if (calls === 0) return null;
  return (
    <span title={speech.say('unattributed.why', {}, calls)}>
      {speech.say('unattributed.share', { share: formatsIn(picture.range.timeZone).percent(share) })}
    </span>
  );
}

function TokenSpendCard({ state, onRetry, className }: TokenSpendKpiViewProps) {
  const { say } = useSurroundings().speech;
  const [table, setTable] = useState(false);
  const picture = pictureOf(state);
  const counted = state.name === 'empty' ? null : picture;
  const drawn = counted?.spend ? counted : null;
  return (
    <Card
      widget={widget}
      state={state.name}
      className={className}
      title={say('token-spend.title')}
      note={picture && <FreshnessNote {...picture} stale={state.name === 'stale'} />}
      footer={
        <>
          {counted && <PendingPill {...counted.pending} />}
          {counted && <UnattributedShare picture={counted} />}
          {drawn && <TwinToggle table={table} onChange={setTable} />}
        </>
      }
    >
      <StateBody
        state={state}
        onRetry={onRetry}
        empty={(nothing) => {
          const { unit, count } = nothing ? spanOf(nothing.range) : { unit: 'days' as const, count: 30 };
          const span = say(`span.${unit}`, {}, count);
          return <Empty title={say('token-spend.empty', { span })} text={say('token-spend.empty-text')} />;
        }}
      >
        {(shown) => <TokenSpendBody picture={shown} state={state.name} table={table && drawn !== null} />}
      </StateBody>
    </Card>
  );
}

/**
 * What the calls of a period cost: spend as the headline, tokens beneath it, a line over time, the change against the
 * span before, and the share of calls that have no price yet.
 *
 * @example
 * <TokenSpendKpiView state={selectTokenSpend(answer)} />
 */
export function TokenSpendKpiView(props: TokenSpendKpiViewProps) {
  return (
    <ViewBoundary
      widget={widget}
      texts={tokenSpendEnglish}
      card={(fallback) => <TokenSpendCard {...fallback} className={props.className} />}
    >
      <TokenSpendCard {...props} />
    </ViewBoundary>
  );
}
