import { Fragment } from 'react';
import { useSurroundings } from '../provider/surroundings.ts';

/** Which parts the card will have, so that nothing jumps when the figures arrive. */
export interface LoadingParts {
  readonly headline?: boolean;
  readonly picture?: boolean;
  /** How many lines with a bar beneath. */
  readonly bars?: number;
}

/** The shape of what is coming, without a figure in it. */
export function Loading({ headline = true, picture = true, bars = 0 }: LoadingParts) {
  const { say } = useSurroundings().speech;
  return (
    <div className="tk-loading">
      <span className="tk-hidden">{say('card.loading')}</span>
      {headline && <span className="tk-skeleton tk-skeleton-headline" />}
      {headline && <span className="tk-skeleton tk-skeleton-line" />}
      {Array.from({ length: bars }, (_, index) => (
        <Fragment key={index}>
          <span className="tk-skeleton tk-skeleton-line" />
          <span className="tk-skeleton tk-skeleton-bar" />
        </Fragment>
      ))}
      {picture && <span className="tk-skeleton tk-skeleton-picture" />}
    </div>
  );
}
