import type { InsightParams } from '@tallykit/client';
import { insightQuery } from '@tallykit/client/react-query';
import type { InsightAnswers, InsightId } from '@tallykit/protocol';
import type { WidgetState } from '../states/widget-state.ts';
import { useAnswer, type AnswerResult } from './use-answer.ts';

/**
 * Asks one insight and says what a widget has to show.
 *
 * @param select a pure function that outlives renders: turns an answer into a picture in the wished currency.
 */
export function useInsight<Id extends InsightId, Picture>(
  id: Id,
  params: InsightParams[Id],
  select: (answer: InsightAnswers[Id], currency?: string) => WidgetState<Picture>,
): AnswerResult<Picture> {
  return useAnswer((client) => insightQuery(client, id, params), select);
}
