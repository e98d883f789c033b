import type { ReactNode } from 'react';
import { StateMessage } from './StateMessage.tsx';

interface EmptyProps {
  readonly title: string;
  readonly text: string;
  readonly children?: ReactNode;
}

/** Nothing was recorded. A dash stands where the figure will be, since no data is not zero. */
export function Empty({ title, text, children }: EmptyProps) {
  return (
    <div className="tk-empty">
      <div className="tk-headline" aria-hidden="true">
        –
      </div>
      <StateMessage title={title} text={text}>
        {children}
      </StateMessage>
    </div>
  );
}
