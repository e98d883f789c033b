import { insightIds, type InsightAnswers, type InsightId, type Principal } from '@tallykit/protocol';
import type { Asker, Door } from '../datasets/run-query.ts';
import { insightNotFound } from './insight-problems.ts';
import { readParameters, readWho, type InsightParameters, type ParameterName } from './read-parameters.ts';
import { answerReconciliationStatus } from './reconciliation-status.ts';
import { answerRevenueHero } from './revenue-hero.ts';
import { answerTokenSpend } from './token-spend.ts';
import { answerUsageOverTime } from './usage-over-time.ts';

/** The answer of any insight. */
export type InsightAnswer = InsightAnswers[InsightId];

interface InsightDefinition<Id extends InsightId> {
  readonly parameters: readonly ParameterName[];
  answer(asker: Asker, parameters: InsightParameters): Promise<InsightAnswers[Id]>;
}

const everywhere = ['from', 'to', 'month', 'timeZone', 'customerId', 'asCustomer'] as const;

/** Every insight with the query parameters that it takes. A new one is one line here. */
export const insights: { readonly [Id in InsightId]: InsightDefinition<Id> } = {
  'token-spend': { parameters: [...everywhere, 'environment'], answer: answerTokenSpend },
  'usage-over-time': {
    parameters: [...everywhere, 'environment', 'grain', 'groupBy', 'filter', 'top', 'orderBy'],
    answer: answerUsageOverTime,
  },
  'revenue-hero': { parameters: everywhere, answer: answerRevenueHero },
  'reconciliation-status': { parameters: everywhere, answer: answerReconciliationStatus },
};

/**
 * Answers one insight. Throws 403 before anything else, 404 for an unknown id, and 400 for parameters that the insight
 * does not have or that make no sense.
 *
 * @example
 * await answerInsight(door, principal, 'token-spend', new URLSearchParams({ from: '2026-11-01T00:00:00Z' }));
 */
export async function answerInsight(
  door: Door,
  principal: Principal,
  id: string,
  params: URLSearchParams,
): Promise<InsightAnswer> {
  const asker = await door.enter(principal, readWho(params));
  const known = insightIds.find((insight) => insight === id);
  if (known === undefined) throw insightNotFound(insightIds);
  const { parameters, answer } = insights[known];
  return answer(asker, readParameters(params, parameters));
}
