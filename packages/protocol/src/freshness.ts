import * as z from 'zod/mini';
import { countSchema, instantSchema } from './text.ts';

/** How often a figure is brought up to date. */
export const cadences = ['live', 'on_write', 'hourly', 'daily', 'nightly'] as const;

/** One of {@link cadences}. */
export type Cadence = (typeof cadences)[number];

/** How current an answer is and what is missing from it. Every read answers with one. */
export interface Freshness {
  /** Everything recorded before this instant is in the answer. */
  readonly asOf: string;
  readonly cadence: Cadence;
  /** The time bucket that has not closed yet, or null when the range holds none. */
  readonly openBucket: { readonly start: string; readonly end: string } | null;
  /** Calls in the range whose cost is not known yet, and their tokens (null when none of them reported tokens). */
  readonly pending: { readonly calls: number; readonly tokens: number | null };
  /** Fields that were asked for and that this principal may not see. */
  readonly withheld: readonly string[];
  /** The storage engine that answered. */
  readonly engine: string;
}

/** Checks {@link Freshness}; open. */
export const freshnessSchema = z.object({
  asOf: instantSchema,
  cadence: z.enum(cadences),
  openBucket: z.nullable(z.object({ start: instantSchema, end: instantSchema })),
  pending: z.object({ calls: countSchema, tokens: z.nullable(countSchema) }),
  withheld: z.array(z.string()),
  engine: z.string(),
});

/** Whose figures an answer holds. */
export interface AnswerScope {
  readonly organizationId: string;
  /** Null: all customers of the organization. */
  readonly customerId: string | null;
  readonly customerName: string | null;
  readonly visibility: 'operator' | 'customer';
}

/** Checks an {@link AnswerScope}; open. */
export const answerScopeSchema = z.object({
  organizationId: z.string(),
  customerId: z.nullable(z.string()),
  customerName: z.nullable(z.string()),
  visibility: z.enum(['operator', 'customer']),
});
