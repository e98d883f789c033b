import type { Cadence, Freshness, TimeRange } from '@tallykit/protocol';
import { useSurroundings } from '../provider/surroundings.ts';
import type { MessageId } from '../messages/english.ts';

const texts: Readonly<Record<Cadence, MessageId>> = {
  live: 'freshness.live',
  on_write: 'freshness.on_write',
  hourly: 'freshness.hourly',
  daily: 'freshness.daily',
  nightly: 'freshness.nightly',
};

interface FreshnessNoteProps {
  readonly freshness: Pick<Freshness, 'asOf' | 'cadence'>;
  /** Its zone is the one in which the time is told. */
  readonly range: Pick<TimeRange, 'timeZone'>;
  readonly stale: boolean;
  /** Says more than the cadence does, for example where the figures come from. Fills `{time}`. */
  readonly text?: MessageId | undefined;
}

/** How current the figures are; a plain warning once they are older than they should be. */
export function FreshnessNote({ freshness, range, stale, text }: FreshnessNoteProps) {
  const { speech, formatsIn } = useSurroundings();
  const formats = formatsIn(range.timeZone);
  const live = freshness.cadence === 'live' && !stale;
  // What is live is from just now, so its day goes without saying.
  const time = live ? formats.time(freshness.asOf) : formats.dayTime(freshness.asOf);
  const id = stale ? 'freshness.stale' : (text ?? texts[freshness.cadence]);
  return (
    <span className={stale ? 'tk-freshness tk-freshness-stale' : 'tk-freshness'}>
      {live && <span className="tk-live-dot" aria-hidden="true" />}
      {speech.say(id, { time })}
    </span>
  );
}
