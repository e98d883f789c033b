import { Component, Suspense, type ReactNode } from 'react';
import { SurroundingsContext, type Surroundings } from '../provider/surroundings.ts';

interface WidgetBoundaryProps {
  /** Id of the widget, for the host's error log. */
  readonly widget: string;
  /** What stands in its place after an error; `retry` tries again. */
  readonly failed: (retry: () => void) => ReactNode;
  /** What stands in its place while its code or data is on its way, and in a server's answer after an error. */
  readonly loading: ReactNode;
  readonly children: ReactNode;
}

/**
 * Keeps an error inside a widget away from the page around it. On a server the same is done by the Suspense boundary:
 * the page is sent with the loading card, and the browser tries again.
 */
export class WidgetBoundary extends Component<WidgetBoundaryProps, { readonly broken: boolean }> {
  static override contextType = SurroundingsContext;
  override state = { broken: false };

  static getDerivedStateFromError(): { broken: boolean } {
    return { broken: true };
  }

  override componentDidCatch(error: unknown): void {
    const surroundings = this.context as Surroundings | null;
    try {
      surroundings?.onFailure?.({ widget: this.props.widget, error });
    } catch {
      // The host's own log must not break the card that reports to it.
    }
  }

  override render(): ReactNode {
    const { failed, loading, children } = this.props;
    if (this.state.broken) return failed(() => this.setState({ broken: false }));
    return <Suspense fallback={loading}>{children}</Suspense>;
  }
}
