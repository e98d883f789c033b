import { Headline } from '../../card/Headline.tsx';
import { Phrase } from '../../card/Phrase.tsx';
import { TableTwin } from '../../charts/table/TableTwin.tsx';
import { spanOf } from '../../format/span-of.ts';
import { useSurroundings } from '../../provider/surroundings.ts';
import type { WidgetStateName } from '../../states/widget-state.ts';
import { SpendLine } from './SpendLine.tsx';
import { spendTable } from './spend-texts.ts';
import type { TokenSpendPicture } from './select-token-spend.ts';

interface TokenSpendBodyProps {
  readonly picture: TokenSpendPicture;
  readonly state: WidgetStateName;
  readonly table: boolean;
}

/** Spend, tokens beneath it, the line, and the comparison. */
export function TokenSpendBody({ picture, state, table }: TokenSpendBodyProps) {
  const { formatsIn, speech } = useSurroundings();
  const { say } = speech;
  const formats = formatsIn(picture.range.timeZone);
  const { unit, count } = spanOf(picture.range);
  const span = say(`span.${unit}`, {}, count);
  if (table) return <TableTwin {...spendTable(picture, formats, speech)} />;
  return (
    <>
      {picture.spend ? (
        <Headline parts={formats.moneyParts(picture.spend)} />
      ) : (
        <div className="tk-no-headline">
          {state === 'withheld' ? (
            say('withheld.title')
          ) : (
            <span className="tk-pill tk-pill-large tk-tone-warn">{say('value.pending')}</span>
          )}
        </div>
      )}
      {picture.spendBeside.length > 0 && (
        <p className="tk-beside">
          {say('value.also', {
            amounts: picture.spendBeside.map((money) => formats.money(money)).join(', '),
          })}
        </p>
      )}
      <p className="tk-under">
        {picture.tokens === null ? (
          say('token-spend.no-tokens', { span }, picture.calls)
        ) : (
          <span title={say('token-spend.tokens-exact', { tokens: formats.count(picture.tokens) })}>
            {say('token-spend.tokens', { tokens: formats.shortCount(picture.tokens), span })}
          </span>
        )}
      </p>
      {picture.spend && (
        <>
          <div className="tk-line-place">
            <SpendLine picture={picture} />
          </div>
          <p className="tk-under">
            {picture.change === null ? (
              say('token-spend.no-change', { span })
            ) : (
              <Phrase
                id="token-spend.change"
                values={{ change: formats.change(picture.change), span }}
                strong="change"
              />
            )}
          </p>
        </>
      )}
    </>
  );
}
