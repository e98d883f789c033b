import type { TallykitClient } from '@tallykit/client';
import type { Freshness } from '@tallykit/protocol';
import { useQuery, type UseQueryOptions } from '@tanstack/react-query';
import { useMemo, useSyncExternalStore } from 'react';
import { stateOfAnswer } from '../states/state-of-answer.ts';
import type { WidgetState } from '../states/widget-state.ts';
import { useConnection } from './connection.ts';
import { useSurroundings } from './surroundings.ts';

/** What a connected widget shows, and the way to ask again. */
export interface AnswerResult<Picture> {
  readonly state: WidgetState<Picture>;
  /** Why the last question was not answered; null when it was. */
  readonly error: unknown;
  readonly retry: () => void;
}

/**
 * Asks the server something and says what a widget has to show.
 *
 * @param ask makes the options of the question, under the principal of the client.
 * @param select a pure function that outlives renders: turns an answer into a picture in the wished currency.
 */
export function useAnswer<
  Answer extends { readonly freshness: Freshness },
  Picture,
  Key extends readonly unknown[],
>(
  ask: (client: TallykitClient) => UseQueryOptions<Answer, Error, Answer, Key>,
  select: (answer: Answer, currency?: string) => WidgetState<Picture>,
): AnswerResult<Picture> {
  const { client, queryClient, now } = useConnection();
  const { currency } = useSurroundings();
  const { principal, subscribe } = client.session;
  // The answers are kept by principal, so a change of principal is a change of question.
  useSyncExternalStore(subscribe, principal, principal);
  const { data, error, refetch } = useQuery(ask(client), queryClient);
  const selected = useMemo(
    () => (data === undefined ? undefined : select(data, currency)),
    [data, select, currency],
  );
  const state = stateOfAnswer<Answer, Picture>(
    { data, error },
    (answer) => selected ?? select(answer, currency),
    now(),
  );
  return { state, error, retry: () => void refetch() };
}
