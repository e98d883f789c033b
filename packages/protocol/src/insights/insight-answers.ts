import { reconciliationStatusSchema, type ReconciliationStatus } from './reconciliation-status.ts';
import { revenueHeroSchema, type RevenueHero } from './revenue-hero.ts';
import { tokenSpendSchema, type TokenSpend } from './token-spend.ts';
import { usageOverTimeSchema, type UsageOverTime } from './usage-over-time.ts';
import type { InsightId } from './insight-ids.ts';

/** The answer of each insight, by id. */
export interface InsightAnswers {
  readonly 'token-spend': TokenSpend;
  readonly 'usage-over-time': UsageOverTime;
  readonly 'revenue-hero': RevenueHero;
  readonly 'reconciliation-status': ReconciliationStatus;
}

/** The check of each insight's answer, by id. */
export const insightAnswerSchemas = {
  'token-spend': tokenSpendSchema,
  'usage-over-time': usageOverTimeSchema,
  'revenue-hero': revenueHeroSchema,
  'reconciliation-status': reconciliationStatusSchema,
} as const satisfies Record<InsightId, unknown>;
