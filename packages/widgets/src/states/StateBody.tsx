import type { ReactNode } from 'react';
import { Denied } from './Denied.tsx';
import { Failed } from './Failed.tsx';
import { Loading, type LoadingParts } from './Loading.tsx';
import { NotConfigured } from './NotConfigured.tsx';
import { Withheld } from './Withheld.tsx';
import type { WidgetState } from './widget-state.ts';

interface StateBodyProps<Picture> {
  readonly state: WidgetState<Picture>;
  readonly onRetry?: (() => void) | undefined;
  readonly loading?: LoadingParts | undefined;
  /** Words for the state in which nothing was recorded. */
  readonly empty: (picture: Picture | null) => ReactNode;
  /** Own words for what is not set up. */
  readonly notConfigured?: { readonly title: string; readonly text: string } | undefined;
  readonly children: (picture: Picture) => ReactNode;
}

/** Chooses what a card's body shows: the picture, or the words of the state it is in. */
export function StateBody<Picture>(props: StateBodyProps<Picture>): ReactNode {
  const { state, onRetry, loading, empty, notConfigured, children } = props;
  switch (state.name) {
    case 'loading':
      return <Loading {...loading} />;
    case 'denied':
      return <Denied reason={state.reason} />;
    case 'failed':
      return <Failed code={state.code} onRetry={onRetry} />;
    case 'not_configured':
      return <NotConfigured href={state.href} {...notConfigured} />;
    case 'empty':
      return empty(state.picture ?? null);
    case 'withheld':
      return state.picture === null ? <Withheld /> : children(state.picture);
    default:
      return children(state.picture);
  }
}
