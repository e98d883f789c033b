import type { ReactNode } from 'react';

interface StateMessageProps {
  readonly title: string;
  readonly text?: string | undefined;
  readonly children?: ReactNode;
}

/** Words in the place of figures: what is the case, and what to do where there is something to do. */
export function StateMessage({ title, text, children }: StateMessageProps) {
  return (
    <div className="tk-state">
      <p className="tk-state-title">{title}</p>
      {text !== undefined && <p className="tk-state-text">{text}</p>}
      {children}
    </div>
  );
}
