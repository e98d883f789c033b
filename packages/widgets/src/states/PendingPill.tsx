import { useSurroundings } from '../provider/surroundings.ts';

interface PendingPillProps {
  readonly calls: number;
  /** Their part of all calls, 0 to 1. */
  readonly share: number;
}

/** Says that calls without a known price are missing from a total. Nothing while there are none. */
export function PendingPill({ calls, share }: PendingPillProps) {
  const { speech, formatsIn } = useSurroundings();
  if (calls === 0) return null;
  const why = speech.say('pending.why', {}, calls);
  return (
    <span className="tk-pill tk-tone-warn" title={why}>
      {speech.say('pending.share', { share: formatsIn('UTC').percent(share) })}
      <span className="tk-hidden">. {why}</span>
    </span>
  );
}
