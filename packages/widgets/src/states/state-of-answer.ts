import { isPrincipalChangedError, isProblemError, isSessionError } from '@tallykit/client';
import type { Freshness } from '@tallykit/protocol';
import { isStale } from './is-stale.ts';
import type { WidgetState } from './widget-state.ts';

/** The part of a query that decides a widget's state. */
export interface Answered<Answer> {
  readonly data: Answer | undefined;
  readonly error: unknown;
}

function codeOf(error: unknown): string | null {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : null;
}

function refusal(error: unknown): WidgetState<never> {
  // Somebody else has signed in; the question is asked again under that name.
  if (isPrincipalChangedError(error)) return { name: 'loading' };
  if (isSessionError(error)) return { name: 'denied', reason: 'session' };
  if (!isProblemError(error)) return { name: 'failed', code: codeOf(error) };
  if (error.code === 'field_withheld') return { name: 'withheld', picture: null };
  if (error.code === 'not_configured') return { name: 'not_configured' };
  if (error.status === 401) return { name: 'denied', reason: 'session' };
  if (error.status === 403) return { name: 'denied', reason: 'role' };
  return { name: 'failed', code: error.code };
}

/**
 * The state of a widget by what its query knows. A refusal takes the figures away, since they may no longer be this
 * reader's; a mere failure leaves the last ones, marked as stale.
 *
 * @param select turns an answer into a picture.
 * @param now in milliseconds since 1970.
 */
export function stateOfAnswer<Answer extends { readonly freshness: Freshness }, Picture>(
  { data, error }: Answered<Answer>,
  select: (answer: Answer) => WidgetState<Picture>,
  now: number,
): WidgetState<Picture> {
  if (error) {
    const refused = refusal(error);
    if (refused.name !== 'failed' || data === undefined) return refused;
  }
  if (data === undefined) return { name: 'loading' };
  const state = select(data);
  const shown = state.name === 'ready' || state.name === 'partial';
  if (shown && (error || isStale(data.freshness, now))) return { name: 'stale', picture: state.picture };
  return state;
}
