import { useId, type ReactNode } from 'react';
import { useSurroundings } from '../provider/surroundings.ts';
import type { WidgetStateName } from '../states/widget-state.ts';

interface CardProps {
  /** Id of the widget. */
  readonly widget: string;
  readonly state: WidgetStateName;
  /** What the card shows, and of what period. */
  readonly title: string;
  /** How current it is. */
  readonly note?: ReactNode;
  /** What one must know to trust it, and the way to the table. */
  readonly footer?: ReactNode;
  readonly className?: string | undefined;
  /** Takes less room in every state than the widget usually does. */
  readonly compact?: boolean;
  readonly children: ReactNode;
}

/** The frame of every widget: header, body, footer. All states share it, so that a card never changes its size. */
export function Card({ widget, state, title, note, footer, className, compact, children }: CardProps) {
  const { direction, theme, headingLevel } = useSurroundings();
  const titleId = useId();
  const classes = ['tk-widget', `tk-theme-${theme}`];
  if (compact) classes.push('tk-compact');
  if (className !== undefined) classes.push(className);
  return (
    <article
      className={classes.join(' ')}
      aria-labelledby={titleId}
      aria-busy={state === 'loading'}
      data-tk-widget={widget}
      data-tk-state={state}
      dir={direction}
    >
      <div className="tk-card">
        <header className="tk-header">
          {/* Not h1 to h6: hosts style those globally, and their styles stand above any layer. */}
          <div id={titleId} className="tk-title" role="heading" aria-level={headingLevel}>
            {title}
          </div>
          {note}
        </header>
        <div className="tk-body">{children}</div>
        <footer className="tk-footer">{footer}</footer>
      </div>
    </article>
  );
}
