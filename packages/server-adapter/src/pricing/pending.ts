/** Why a call has no cost yet. The list is closed; a call has exactly one of them. The guide on prices says what to do about each. */
export const pendingReasons = [
  'usage_absent',
  'unknown_provider',
  'unknown_model',
  'no_price',
  'no_price_for_tier',
  'no_price_for_region',
  'no_price_at_time',
  'no_list_price',
  'no_rate_for_bucket',
  'unit_not_counted',
  'currency',
  'amount_out_of_range',
] as const;

/** One of {@link pendingReasons}. */
export type PendingReason = (typeof pendingReasons)[number];

const known: ReadonlySet<string> = new Set(pendingReasons);

/**
 * Whether a text is one of {@link pendingReasons}.
 *
 * @example
 * isPendingReason('no_price'); // true
 */
export function isPendingReason(text: string): text is PendingReason {
  return known.has(text);
}
