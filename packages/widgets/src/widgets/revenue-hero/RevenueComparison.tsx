import { Phrase } from '../../card/Phrase.tsx';
import { spanOf } from '../../format/span-of.ts';
import { useSurroundings } from '../../provider/surroundings.ts';
import { comparedDays } from './revenue-texts.ts';
import type { RevenuePicture } from './select-revenue.ts';

/** The first instant of the month before the one in which a range begins, near enough to name it. */
function monthBefore(picture: RevenuePicture): string {
  if (picture.beforeRange) return picture.beforeRange.from;
  return new Date(Date.parse(picture.range.from) - 15 * 86_400_000).toISOString();
}

/** More revenue is good and less is bad, so the change has a tone; its sign says the same without colour. */
function tone(change: number): string | undefined {
  if (change === 0) return undefined;
  return change > 0 ? 'tk-tone-good' : 'tk-tone-bad';
}

/** What the revenue is compared with: as many days of the month before. */
export function RevenueComparison({ picture }: { readonly picture: RevenuePicture }) {
  const { formatsIn, speech } = useSurroundings();
  const { say } = speech;
  const formats = formatsIn(picture.range.timeZone);
  const { count, monthly } = comparedDays(picture);
  const month = formats.month(monthBefore(picture));
  const span = say(`span.${spanOf(picture.range).unit}`, {}, spanOf(picture.range).count);
  if (picture.change === null) {
    return (
      <p className="tk-under">
        {monthly ? say('revenue.no-change-month', { month }) : say('revenue.no-change', { span })}
      </p>
    );
  }
  const change = formats.change(picture.change);
  return (
    <p className="tk-under">
      {monthly ? (
        <Phrase
          id="revenue.change-month"
          values={{ change, month }}
          count={count}
          strong="change"
          tone={tone(picture.change)}
        />
      ) : (
        <Phrase id="revenue.change" values={{ change, span }} strong="change" tone={tone(picture.change)} />
      )}
      {picture.before && (
        <span className="tk-then">
          {say('revenue.was', { amount: formats.money(picture.before.invoiced) })}
        </span>
      )}
    </p>
  );
}
