import type { ComponentType } from 'react';
import type { ViewProps } from '../states/ViewBoundary.tsx';
import type { WidgetState } from '../states/widget-state.ts';

/** What the widget suite needs to know about one widget. */
export interface WidgetSubject<Picture> {
  /** Id of the widget. */
  readonly widget: string;
  readonly View: ComponentType<ViewProps<Picture>>;
  /** The states that have figures; those without are alike in all widgets. */
  readonly states: {
    readonly ready: WidgetState<Picture>;
    readonly partial: WidgetState<Picture>;
    readonly stale: WidgetState<Picture>;
    readonly withheld: WidgetState<Picture>;
    readonly empty: WidgetState<Picture>;
  };
  /** Names that come with the data, such as those of models: they are no texts. */
  readonly dataNames: readonly string[];
  /** What pending calls say on the card. */
  readonly partialText: RegExp;
  /** A plot is read bucket by bucket, a grid cell by cell; meters stand among words and are read with them. */
  readonly reads: 'plot' | 'grid' | 'meters';
}
