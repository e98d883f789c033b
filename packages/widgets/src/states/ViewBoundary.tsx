import type { ReactNode } from 'react';
import type { Texts } from '../messages/speech.ts';
import { WithTexts } from '../provider/WithTexts.tsx';
import { WidgetBoundary } from './WidgetBoundary.tsx';
import type { WidgetState } from './widget-state.ts';

/** What every view takes. */
export interface ViewProps<Picture> {
  readonly state: WidgetState<Picture>;
  /** Shown as "Try again" after a failure. */
  readonly onRetry?: (() => void) | undefined;
  /** Added to the card's own class. */
  readonly className?: string | undefined;
}

interface ViewBoundaryProps {
  readonly widget: string;
  /** The widget's own texts, where its card is drawn; a connected widget leaves them to its view. */
  readonly texts?: Texts | undefined;
  /** The card in a state without a picture. */
  readonly card: (props: ViewProps<never>) => ReactNode;
  readonly children: ReactNode;
}

/** A widget boundary whose fallbacks are the widget's own card, so that even an error keeps size and anatomy. */
export function ViewBoundary({ widget, texts, card, children }: ViewBoundaryProps) {
  const bounded = (
    <WidgetBoundary
      widget={widget}
      loading={card({ state: { name: 'loading' } })}
      failed={(onRetry) => card({ state: { name: 'failed', code: null }, onRetry })}
    >
      {children}
    </WidgetBoundary>
  );
  return texts ? <WithTexts texts={texts}>{bounded}</WithTexts> : bounded;
}
