import { providerName } from '../../pricing/provider-names.ts';

/** How a provider's own report behaves in time. */
export interface ReportTiming {
  /** Hours after the end of a UTC day until its lines are to be expected. */
  readonly lagHours: number;
  /** Days after the end of a UTC day in which its lines may still be restated; 1 leaves today and yesterday open. */
  readonly restatedDays: number;
  /** Places after the point to which a line's amount is rounded. */
  readonly places: number;
  /** Where the figures come from. */
  readonly source: string;
}

/**
 * What is known of each provider's usage and cost report, by its name in the catalogue. Figures marked as judgement are
 * ours: the provider states none.
 */
export const reportTimings: Readonly<Record<string, ReportTiming>> = {
  openai: {
    lagHours: 24,
    restatedDays: 1,
    places: 2,
    source:
      'Costs come in buckets of a day and no freshness is stated; the last two UTC days are taken as open (judgement). https://platform.openai.com/docs/api-reference/usage/costs',
  },
  anthropic: {
    lagHours: 1,
    restatedDays: 1,
    places: 2,
    source:
      'Data appears usually within about five minutes; the last two UTC days are taken as open (judgement). https://docs.anthropic.com/en/api/usage-cost-api',
  },
  aws: {
    lagHours: 24,
    restatedDays: 2,
    places: 2,
    source:
      'Cost Explorer is refreshed about daily. https://docs.aws.amazon.com/cost-management/latest/userguide/ce-what-is.html',
  },
  google: {
    lagHours: 48,
    restatedDays: 5,
    places: 2,
    source:
      'The billing export has no guaranteed latency and may catch up for five days. https://cloud.google.com/billing/docs/how-to/export-data-bigquery-tables',
  },
};

const unknownProvider: ReportTiming = {
  lagHours: 24,
  restatedDays: 1,
  places: 2,
  source: 'Judgement, for providers that are not listed.',
};

/**
 * Timing of a provider's report, whichever of its names is used; a cautious guess for providers that are not listed.
 *
 * @example
 * reportTimingOf('gcp.vertex_ai').restatedDays; // 5
 */
export function reportTimingOf(provider: string): ReportTiming {
  const name = providerName(provider);
  return Object.hasOwn(reportTimings, name) ? (reportTimings[name] ?? unknownProvider) : unknownProvider;
}
