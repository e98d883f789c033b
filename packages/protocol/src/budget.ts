import * as z from 'zod/mini';
import { answerScopeSchema, freshnessSchema, type AnswerScope, type Freshness } from './freshness.ts';
import {
  currencySchema,
  decimalStringSchema,
  nonNegativeDecimalStringSchema,
  type DecimalString,
} from './money.ts';
import { countSchema, identifierSchema, instantSchema, uuidV7Schema } from './text.ts';

/** Calendar windows of the organization's zone, and `total` for all that was ever recorded. Weeks begin on Monday. */
export const budgetWindows = ['day', 'week', 'month', 'total'] as const;

/** One of {@link budgetWindows}. */
export type BudgetWindow = (typeof budgetWindows)[number];

/** What happens at the limit: it is only told, calls are spaced out, or calls are refused. */
export const budgetActions = ['alert', 'throttle', 'block'] as const;

/** One of {@link budgetActions}. */
export type BudgetAction = (typeof budgetActions)[number];

/** `warned` from the lowest of `warnAt` on, `over` from the limit on. */
export const budgetStates = ['inside', 'warned', 'over'] as const;

/** One of {@link budgetStates}. */
export type BudgetState = (typeof budgetStates)[number];

/** What a guard does about a call. */
export const budgetDecisions = ['allow', 'throttle', 'block'] as const;

/** One of {@link budgetDecisions}. */
export type BudgetDecision = (typeof budgetDecisions)[number];

/** Fraction of the limit at which a budget warns unless told. */
export const defaultBudgetWarning = 0.8;

/**
 * Which calls a budget counts: those that have every attribute that is named here. As the attributes of a call: which
 * budgets concern it.
 */
export interface BudgetScope {
  readonly customerId?: string | undefined;
  readonly productId?: string | undefined;
  readonly flow?: string | undefined;
  /** Id of the API key that calls are sent with. The operator's only. */
  readonly keyId?: string | undefined;
}

const scopeFields = {
  customerId: z.optional(identifierSchema),
  productId: z.optional(identifierSchema),
  flow: z.optional(identifierSchema),
  keyId: z.optional(identifierSchema),
};

/** Checks a {@link BudgetScope} of a budget, which names at least one attribute; closed. */
export const budgetScopeSchema = z.strictObject(scopeFields).check(
  z.refine((scope) => Object.values(scope).some((value) => value !== undefined), {
    error: 'Names none of customerId, productId, flow and keyId.',
  }),
);

/** How much may be spent in one window: money in major units, or tokens. */
export type BudgetLimit =
  | { readonly unit: 'money'; readonly amount: DecimalString; readonly currency: string }
  | { readonly unit: 'tokens'; readonly amount: number };

/** Checks a {@link BudgetLimit}; closed. */
export const budgetLimitSchema = z.discriminatedUnion('unit', [
  z.strictObject({
    unit: z.literal('money'),
    amount: nonNegativeDecimalStringSchema,
    currency: currencySchema,
  }),
  z.strictObject({ unit: z.literal('tokens'), amount: countSchema }),
]);

/** Which amount of a call a budget of money counts: the vendor's cost, or what its customer is told. */
export type BudgetAmountKind = 'effective' | 'charge';

/** A budget as it is put, apart from its id. */
export interface BudgetBody {
  readonly name?: string | undefined;
  readonly scope: BudgetScope;
  readonly limit: BudgetLimit;
  readonly window: BudgetWindow;
  readonly action: BudgetAction;
  /** Fractions of the limit at which a crossing is recorded; `[0.8]` unless told. The limit itself always is. */
  readonly warnAt?: readonly number[] | undefined;
  /** How fast calls may follow each other at the limit; needed with the action `throttle`, refused with others. */
  readonly throttle?: { readonly callsPerMinute: number } | undefined;
  /** Operators only. `charge` unless told where the scope names a customer, `effective` where it names none. */
  readonly amountKind?: BudgetAmountKind | undefined;
}

/** A budget as it is put. The id is chosen by whoever puts it; putting it again changes the budget. */
export interface BudgetInput extends BudgetBody {
  /** Up to 64 letters, digits, `_`, `-`, `.` and `:`, the first a letter or digit. */
  readonly id: string;
}

/** Checks the id of a budget. */
export const budgetIdSchema = z.string().check(z.regex(/^[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}$/));

const bodyFields = {
  name: z.optional(identifierSchema),
  scope: budgetScopeSchema,
  limit: budgetLimitSchema,
  window: z.enum(budgetWindows),
  action: z.enum(budgetActions),
  warnAt: z.optional(z.array(z.number().check(z.gt(0), z.lte(10))).check(z.maxLength(10))),
  throttle: z.optional(z.strictObject({ callsPerMinute: z.int().check(z.gte(1), z.lte(60_000)) })),
  amountKind: z.optional(z.enum(['effective', 'charge'])),
};

const throttleFits = z.refine<{ readonly action: string; readonly throttle?: unknown }>(
  ({ action, throttle }) => (action === 'throttle') === (throttle !== undefined),
  { error: 'Must be there with the action "throttle", and only then.', path: ['throttle'] },
);

/** Checks a {@link BudgetBody}, the body of `PUT /v1/budgets/{id}`; closed. */
export const budgetBodySchema = z.strictObject(bodyFields).check(throttleFits);

/** Checks a {@link BudgetInput}; closed. */
export const budgetInputSchema = z.strictObject({ id: budgetIdSchema, ...bodyFields }).check(throttleFits);

/** Body of `PUT /v1/budgets`: all of them are stored, or none. */
export interface BudgetsPut {
  readonly budgets: readonly BudgetInput[];
}

/** Checks a {@link BudgetsPut}; closed. */
export const budgetsPutSchema = z.strictObject({
  budgets: z.array(budgetInputSchema).check(z.minLength(1), z.maxLength(500)),
});

/** A budget as it is stored. */
export interface Budget {
  readonly id: string;
  readonly name: string | null;
  /** Customers are not told a `keyId`. */
  readonly scope: BudgetScope;
  readonly limit: BudgetLimit;
  readonly window: BudgetWindow;
  readonly action: BudgetAction;
  /** Ascending. */
  readonly warnAt: readonly number[];
  readonly throttle: { readonly callsPerMinute: number } | null;
  /** Who may change it: the organization alone, or the customer that it is about as well. */
  readonly owner: 'organization' | 'customer';
  /** Whether whoever asks may change it. */
  readonly editable: boolean;
  /** Operators only. */
  readonly amountKind?: BudgetAmountKind | undefined;
  readonly createdAt: string;
  readonly updatedAt: string;
}

const answeredLimit = z.discriminatedUnion('unit', [
  z.object({ unit: z.literal('money'), amount: decimalStringSchema, currency: currencySchema }),
  z.object({ unit: z.literal('tokens'), amount: z.int() }),
]);

/** Checks a {@link Budget}; open. */
export const budgetSchema = z.object({
  id: z.string(),
  name: z.nullable(z.string()),
  scope: z.object({
    customerId: z.optional(z.string()),
    productId: z.optional(z.string()),
    flow: z.optional(z.string()),
    keyId: z.optional(z.string()),
  }),
  limit: answeredLimit,
  window: z.enum(budgetWindows),
  action: z.enum(budgetActions),
  warnAt: z.array(z.number()),
  throttle: z.nullable(z.object({ callsPerMinute: z.number() })),
  owner: z.enum(['organization', 'customer']),
  editable: z.boolean(),
  amountKind: z.optional(z.enum(['effective', 'charge'])),
  createdAt: instantSchema,
  updatedAt: instantSchema,
});

/** A figure in the unit of a budget; null where calls were made and nothing of theirs is known yet. */
export type BudgetFigure =
  | { readonly unit: 'money'; readonly amount: DecimalString | null; readonly currency: string }
  | { readonly unit: 'tokens'; readonly amount: number | null };

const figureSchema = z.discriminatedUnion('unit', [
  z.object({
    unit: z.literal('money'),
    amount: z.nullable(decimalStringSchema),
    currency: currencySchema,
  }),
  z.object({ unit: z.literal('tokens'), amount: z.nullable(z.int()) }),
]);

/** Where a budget stands in the window that holds the present. */
export interface BudgetStatus {
  readonly state: BudgetState;
  /** What is recorded and known. Calls in `pending` are not in it. */
  readonly spent: BudgetFigure;
  /** What reservations hold for calls whose spend has not arrived. */
  readonly reserved: BudgetFigure;
  /** Limit without spent and reserved, 0 where they exceed it. */
  readonly remaining: BudgetFigure;
  /** `spent` as a part of the limit, for bars: 1 is the limit. Null for a limit of 0, or when `spent` is not known. */
  readonly fraction: number | null;
  /** Calls in the window, those in `pending` included. */
  readonly calls: number;
  /** Calls whose cost is not known yet, and their tokens (null when none of them reported tokens). */
  readonly pending: { readonly calls: number; readonly tokens: number | null };
  /** Currencies of calls that a budget of money cannot count, since currencies are never added up. */
  readonly otherCurrencies: readonly string[];
  /** `from` inclusive and `to` exclusive; both null for the window `total`. */
  readonly window: { readonly from: string | null; readonly to: string | null; readonly timeZone: string };
  /** When counting begins again; null for the window `total`. */
  readonly resetsAt: string | null;
  /** Levels that were passed in this window, lowest first, each with the instant at which that was noticed. */
  readonly crossings: readonly { readonly level: number; readonly at: string }[];
}

/** Checks a {@link BudgetStatus}; open. */
export const budgetStatusSchema = z.object({
  state: z.enum(budgetStates),
  spent: figureSchema,
  reserved: figureSchema,
  remaining: figureSchema,
  fraction: z.nullable(z.number()),
  calls: countSchema,
  pending: z.object({ calls: countSchema, tokens: z.nullable(countSchema) }),
  otherCurrencies: z.array(z.string()),
  window: z.object({
    from: z.nullable(instantSchema),
    to: z.nullable(instantSchema),
    timeZone: z.string(),
  }),
  resetsAt: z.nullable(instantSchema),
  crossings: z.array(z.object({ level: z.number(), at: instantSchema })),
});

/** A budget and where it stands. */
export interface BudgetEntry {
  readonly budget: Budget;
  readonly status: BudgetStatus;
}

const entryFields = { budget: budgetSchema, status: budgetStatusSchema };

/** Answer to `GET /v1/budgets/{id}` and `PUT /v1/budgets/{id}`. */
export interface BudgetAnswer extends BudgetEntry {
  readonly scope: AnswerScope;
  readonly freshness: Freshness;
}

/** Checks a {@link BudgetAnswer}; open. */
export const budgetAnswerSchema = z.object({
  ...entryFields,
  scope: answerScopeSchema,
  freshness: freshnessSchema,
});

/** Answer to `GET /v1/budgets?customerId&asCustomer&cursor&limit`: in order of id, 100 a page unless told. */
export interface BudgetsAnswer {
  readonly budgets: readonly BudgetEntry[];
  /** To be passed on as `cursor`; null on the last page. */
  readonly nextCursor: string | null;
  readonly scope: AnswerScope;
  readonly freshness: Freshness;
}

/** Checks a {@link BudgetsAnswer}; open. */
export const budgetsAnswerSchema = z.object({
  budgets: z.array(z.object(entryFields)),
  nextCursor: z.nullable(z.string()),
  scope: answerScopeSchema,
  freshness: freshnessSchema,
});

/** Body of `POST /v1/budgets/check`: the attributes of a call that is to be made. A key asks for itself. */
export interface BudgetCheckRequest {
  readonly scope: BudgetScope;
}

/** Checks a {@link BudgetCheckRequest}; closed. */
export const budgetCheckRequestSchema = z.strictObject({ scope: z.strictObject(scopeFields) });

/** What one budget says about a call. */
export interface BudgetVerdict {
  readonly id: string;
  readonly name: string | null;
  readonly action: BudgetAction;
  readonly decision: BudgetDecision;
  readonly state: BudgetState;
  readonly window: BudgetWindow;
  readonly resetsAt: string | null;
  /** How fast calls may follow each other now; null unless `decision` is `throttle`. */
  readonly callsPerMinute: number | null;
  /** Figures, for those who may see them; null for ingest keys. */
  readonly status: BudgetStatus | null;
}

/**
 * Answer to `POST /v1/budgets/check`. `decision` is the strictest of all budgets that concern the call; `budgets` holds
 * those of them that whoever asks may know of, which can be none.
 */
export interface BudgetCheckAnswer {
  readonly decision: BudgetDecision;
  readonly budgets: readonly BudgetVerdict[];
  /** How long the answer may be used without asking again. */
  readonly ttlSeconds: number;
  /** The instant that the answer is about. */
  readonly asOf: string;
}

const checkFields = {
  decision: z.enum(budgetDecisions),
  budgets: z.array(
    z.object({
      id: z.string(),
      name: z.nullable(z.string()),
      action: z.enum(budgetActions),
      decision: z.enum(budgetDecisions),
      state: z.enum(budgetStates),
      window: z.enum(budgetWindows),
      resetsAt: z.nullable(instantSchema),
      callsPerMinute: z.nullable(z.number()),
      status: z.nullable(budgetStatusSchema),
    }),
  ),
  ttlSeconds: z.number(),
  asOf: instantSchema,
};

/** Checks a {@link BudgetCheckAnswer}; open. */
export const budgetCheckAnswerSchema = z.object(checkFields);

/** Body of `POST /v1/budgets/reservations`. The same body under the same id reserves once. */
export interface BudgetReservationRequest {
  /** A UUIDv7 of the caller's own. Where it is the id of the call's event, the hold lifts by itself when that is in. */
  readonly id: string;
  readonly scope: BudgetScope;
  /** What the call may cost, in either unit or both. The average of the window, and at least a thousandth of the limit, unless told. */
  readonly estimate?:
    | {
        readonly amount?: DecimalString | undefined;
        /** Needed with `amount`. */
        readonly currency?: string | undefined;
        readonly tokens?: number | undefined;
      }
    | undefined;
  /** How long the hold lasts unless it is released: 1 to 600 seconds, 120 unless told. */
  readonly seconds?: number | undefined;
}

/** Checks a {@link BudgetReservationRequest}; closed. */
export const budgetReservationRequestSchema = z.strictObject({
  id: uuidV7Schema,
  scope: z.strictObject(scopeFields),
  estimate: z.optional(
    z
      .strictObject({
        amount: z.optional(nonNegativeDecimalStringSchema),
        currency: z.optional(currencySchema),
        tokens: z.optional(countSchema),
      })
      .check(
        z.refine(({ amount, currency }) => (amount === undefined) === (currency === undefined), {
          error: 'An amount needs a currency, and a currency an amount.',
        }),
      ),
  ),
  seconds: z.optional(z.int().check(z.gte(1), z.lte(600))),
});

/** Answer to `POST /v1/budgets/reservations`. */
export interface BudgetReservationAnswer extends BudgetCheckAnswer {
  /** Whether the call may be made now. */
  readonly admitted: boolean;
  /** What is held; null when the call is not admitted, or when no budget concerns it. */
  readonly reservation: { readonly id: string; readonly expiresAt: string } | null;
  /** When a throttled call that was not admitted may ask again; null otherwise. */
  readonly retryAfterSeconds: number | null;
}

/** Checks a {@link BudgetReservationAnswer}; open. */
export const budgetReservationAnswerSchema = z.object({
  ...checkFields,
  admitted: z.boolean(),
  reservation: z.nullable(z.object({ id: z.string(), expiresAt: instantSchema })),
  retryAfterSeconds: z.nullable(z.number()),
});
