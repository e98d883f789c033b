import { useSurroundings } from '../provider/surroundings.ts';

interface WarningPillProps {
  readonly text: string;
  /** Shown to a pointer, and said to screen readers. */
  readonly why: string;
}

/** A word of warning beside a figure, with its reason. */
export function WarningPill({ text, why }: WarningPillProps) {
  return (
    <span className="tk-pill tk-tone-warn" title={why}>
      {text}
      <span className="tk-hidden">. {why}</span>
    </span>
  );
}

interface PendingPillProps {
  readonly calls: number;
  /** Their part of all calls, 0 to 1. */
  readonly share: number;
}

/** Says that calls without a known price are missing from a total. Nothing while there are none. */
export function PendingPill({ calls, share }: PendingPillProps) {
  const { speech, formatsIn } = useSurroundings();
  if (calls === 0) return null;
  return (
    <WarningPill
      text={speech.say('pending.share', { share: formatsIn('UTC').percent(share) })}
      why={speech.say('pending.why', {}, calls)}
    />
  );
}
