import type { InsightParams } from '@tallykit/client';
import { insightQuery } from '@tallykit/client/react-query';
import type { InsightAnswers, InsightId } from '@tallykit/protocol';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useSyncExternalStore } from 'react';
import { stateOfAnswer } from '../states/state-of-answer.ts';
import type { WidgetState } from '../states/widget-state.ts';
import { useConnection } from './connection.ts';
import { useSurroundings } from './surroundings.ts';

/** What a connected widget shows, and the way to ask again. */
export interface InsightResult<Picture> {
  readonly state: WidgetState<Picture>;
  readonly retry: () => void;
}

/**
 * Asks one insight and says what a widget has to show.
 *
 * @param select a pure function that outlives renders: turns an answer into a picture in the wished currency.
 */
export function useInsight<Id extends InsightId, Picture>(
  id: Id,
  params: InsightParams[Id],
  select: (answer: InsightAnswers[Id], currency?: string) => WidgetState<Picture>,
): InsightResult<Picture> {
  const { client, queryClient, now } = useConnection();
  const { currency } = useSurroundings();
  const { principal, subscribe } = client.session;
  // The answers are kept by principal, so a change of principal is a change of question.
  useSyncExternalStore(subscribe, principal, principal);
  const { data, error, refetch } = useQuery(insightQuery(client, id, params), queryClient);
  const selected = useMemo(
    () => (data === undefined ? undefined : select(data, currency)),
    [data, select, currency],
  );
  const state = stateOfAnswer<InsightAnswers[Id], Picture>(
    { data, error },
    (answer) => selected ?? select(answer, currency),
    now(),
  );
  return { state, retry: () => void refetch() };
}
