import type { Surroundings } from './surroundings.ts';

/** Whose figures, and of when. All optional: the server has an answer for each. */
export interface WidgetQuestion {
  /** Inclusive instant in UTC, for example `2026-11-01T00:00:00Z`. */
  readonly from?: string | undefined;
  /** Exclusive instant in UTC. Default: now. */
  readonly to?: string | undefined;
  /** For operators: the figures of one customer. */
  readonly customerId?: string | undefined;
  /** For operators: one customer's figures exactly as that customer sees them. */
  readonly asCustomer?: string | undefined;
}

/** A question in the zone of the surroundings, without what is no part of it. */
export function inZone(question: WidgetQuestion, { timeZone }: Pick<Surroundings, 'timeZone'>) {
  const { from, to, customerId, asCustomer } = question;
  return { from, to, customerId, asCustomer, timeZone };
}
