import {
  insightAnswerSchemas,
  type InsightAnswers,
  type InsightId,
  type Principal,
} from '@tallykit/protocol';
import { expect } from 'vitest';
import type { Door } from '../../datasets/run-query.ts';
import { answerInsight } from '../../insights/answer-insight.ts';

/** Asks an insight and checks the answer against its wire shape, which holds all of it. */
export async function askInsight<Id extends InsightId>(
  door: Door,
  principal: Principal,
  id: Id,
  parameters: Record<string, string> | URLSearchParams = {},
): Promise<InsightAnswers[Id]> {
  const answer = await answerInsight(door, principal, id, new URLSearchParams(parameters));
  expect(insightAnswerSchemas[id].parse(answer)).toEqual(answer);
  return answer as InsightAnswers[Id];
}
