import { useSurroundings } from '../provider/surroundings.ts';

/** Which parts the card will have, so that nothing jumps when the figures arrive. */
export interface LoadingParts {
  readonly headline?: boolean;
  readonly picture?: boolean;
}

/** The shape of what is coming, without a figure in it. */
export function Loading({ headline = true, picture = true }: LoadingParts) {
  const { say } = useSurroundings().speech;
  return (
    <div className="tk-loading">
      <span className="tk-hidden">{say('card.loading')}</span>
      {headline && <span className="tk-skeleton tk-skeleton-headline" />}
      {headline && <span className="tk-skeleton tk-skeleton-line" />}
      {picture && <span className="tk-skeleton tk-skeleton-picture" />}
    </div>
  );
}
