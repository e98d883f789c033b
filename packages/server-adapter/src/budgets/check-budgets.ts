import {
  budgetCheckRequestSchema,
  type BudgetCheckAnswer,
  type BudgetDecision,
  type BudgetVerdict,
} from '@tallykit/protocol';
import { hasPermission } from '../access/policy.ts';
import { invalidRequest } from '../http/invalid-request.ts';
import type { BudgetReading } from '../storage/contract/budget-store.ts';
import { attributesOfCall } from './attributes-of-call.ts';
import { maySeeBudget, timeZoneOf, type BudgetContext } from './budget-context.ts';
import { statusOf } from './show-budget.ts';
import { budgetRules, weighBudget } from './weigh-budget.ts';

/** Seconds that an answer may be used for: less where a budget is near its end. */
const ttlSeconds = { inside: 5, warned: 2, over: 2 } as const;
const strictness: readonly BudgetDecision[] = ['allow', 'throttle', 'block'];

/** The strictest of decisions. */
export function strictest(decisions: readonly BudgetDecision[]): BudgetDecision {
  return strictness.findLast((decision) => decisions.includes(decision)) ?? 'allow';
}

/** What each budget decides, where that is not what its spend says. */
export type Decided = (reading: BudgetReading) => BudgetDecision;

const bySpend: Decided = (reading) => weighBudget(reading).decision;

/**
 * What readings say about a call, as far as the caller may know of them: budgets of the caller's own account, and figures
 * for those who may see figures. The decision is that of all.
 */
export function verdictsOf(
  readings: readonly BudgetReading[],
  {
    caller,
    now,
    timeZone,
    decided = bySpend,
  }: {
    readonly caller: BudgetContext['caller'];
    readonly now: number;
    readonly timeZone: string;
    readonly decided?: Decided;
  },
): BudgetCheckAnswer {
  const { principal, credential } = caller;
  const isKey = credential === 'ingest_key';
  // An ingest key lies in an application's settings: it learns what to do, and no figure.
  const seesFigures = !isKey && hasPermission(principal, 'analytics.view');
  const isUnboundKey = isKey && principal.customerId === undefined;
  const shown = readings.filter(({ budget }) => isUnboundKey || maySeeBudget(principal, budget));
  const resets = readings.flatMap(({ span }) => span.to ?? []);
  const untilReset = Math.max(0, Math.ceil((Math.min(...resets) - now) / 1000));
  const ttl = Math.min(5, ...readings.map((reading) => ttlSeconds[weighBudget(reading).state]), untilReset);
  return {
    decision: strictest(readings.map(decided)),
    budgets: shown.map((reading): BudgetVerdict => {
      const { budget, span } = reading;
      const decision = decided(reading);
      return {
        id: budget.id,
        name: budget.name,
        action: budget.action,
        decision,
        state: weighBudget(reading).state,
        window: budget.window,
        resetsAt: span.to === null ? null : new Date(span.to).toISOString(),
        callsPerMinute: decision === 'throttle' ? budget.callsPerMinute : null,
        status: seesFigures ? statusOf(reading, timeZone) : null,
      };
    }),
    ttlSeconds: ttl,
    asOf: new Date(now).toISOString(),
  };
}

/** Answers whether a call is inside of every budget that concerns it. Nothing is held. */
export async function checkBudgets(context: BudgetContext, body: unknown): Promise<BudgetCheckAnswer> {
  const parsed = budgetCheckRequestSchema.safeParse(body);
  if (!parsed.success) throw invalidRequest(parsed.error);
  const { store, clock, recent, caller } = context;
  const attributes = attributesOfCall(parsed.data.scope, context);
  const timeZone = await timeZoneOf(context);
  const now = clock.now();
  const call = JSON.stringify(Object.values(attributes));
  const readings = await recent.get(store.organizationId, call, () =>
    store.readBudgets({ kind: 'call', attributes }, budgetRules(now, timeZone), now),
  );
  return verdictsOf(readings, { caller, now, timeZone });
}
