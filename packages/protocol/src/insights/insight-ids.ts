/** Ids of the insights that are served at `GET /v1/insights/{id}`. */
export const insightIds = [
  'token-spend',
  'usage-over-time',
  'revenue-hero',
  'reconciliation-status',
] as const;

/** One of {@link insightIds}. */
export type InsightId = (typeof insightIds)[number];
