import {
  budgetReservationRequestSchema,
  uuidV7Schema,
  type BudgetDecision,
  type BudgetReservationAnswer,
} from '@tallykit/protocol';
import { invalidParts, invalidRequest } from '../http/invalid-request.ts';
import { normalizeDecimal } from '../primitives/money.ts';
import type { BudgetHold, BudgetReading } from '../storage/contract/budget-store.ts';
import { attributesOfCall } from './attributes-of-call.ts';
import { boundCustomer, timeZoneOf, type BudgetContext } from './budget-context.ts';
import { reservationConflict } from './budget-problems.ts';
import { verdictsOf } from './check-budgets.ts';
import { budgetRules, hasRoomFor, heldFor, weighBudget, type CallEstimate } from './weigh-budget.ts';

const usualSeconds = 120;
/** How long a released hold waits for its event: longer than a tracker keeps one that it can deliver. */
const graceMs = 60_000;

interface Weighed {
  readonly decision: BudgetDecision;
  /** Whether this budget keeps the call from being made now. */
  readonly refuses: boolean;
}

/** What a budget says about a call that wants to hold its estimate. */
export function weighReservation(reading: BudgetReading, estimate: CallEstimate | undefined): Weighed {
  const { budget, spend } = reading;
  if (hasRoomFor(reading, heldFor(reading, estimate))) return { decision: 'allow', refuses: false };
  switch (budget.action) {
    case 'alert':
      return { decision: 'allow', refuses: false };
    case 'throttle':
      return { decision: 'throttle', refuses: spend.admittedLately >= (budget.callsPerMinute ?? 1) };
    case 'block':
      return { decision: 'block', refuses: true };
  }
}

function holdOf(reading: BudgetReading, estimate: CallEstimate | undefined): BudgetHold {
  const held = heldFor(reading, estimate);
  const budgetId = reading.budget.id;
  return reading.budget.limit.unit === 'money'
    ? { budgetId, amount: held, tokens: 0 }
    : { budgetId, amount: '0', tokens: Number(held) };
}

/**
 * Holds a part of every budget that a call falls under, or of none. All reservations that share a budget are decided one
 * after the other, so no number of them gets more than there is.
 */
export async function reserveBudgets(
  context: BudgetContext,
  body: unknown,
): Promise<BudgetReservationAnswer> {
  const parsed = budgetReservationRequestSchema.safeParse(body);
  if (!parsed.success) throw invalidRequest(parsed.error);
  const { id, scope, estimate, seconds = usualSeconds } = parsed.data;
  const { store, clock, recent, caller } = context;
  const attributes = attributesOfCall(scope, context);
  const timeZone = await timeZoneOf(context);
  const now = clock.now();
  const amount = estimate?.amount === undefined ? null : normalizeDecimal(estimate.amount);
  const essence = [Object.values(attributes), amount, estimate?.currency, estimate?.tokens, seconds];
  const outcome = await store.reserveBudgets(
    {
      id,
      body: JSON.stringify(essence),
      customerId: attributes.customerId,
      attributes,
      liftsAt: now + seconds * 1000,
      decide: (readings) =>
        readings.some((reading) => weighReservation(reading, estimate).refuses)
          ? null
          : readings.map((reading) => holdOf(reading, estimate)),
    },
    budgetRules(now, timeZone),
    now,
  );
  recent.forget(store.organizationId);
  const { status, readings, liftsAt } = outcome;
  if (status === 'conflict') throw reservationConflict();
  const admitted = status !== 'refused';
  // A repeated request gets the answer of the first, whose own hold must not count against it.
  const isRepeated = status === 'known';
  const decided = (reading: BudgetReading): BudgetDecision => {
    if (!isRepeated) return weighReservation(reading, estimate).decision;
    const { decision } = weighBudget(reading);
    return decision === 'block' ? 'allow' : decision;
  };
  return {
    ...verdictsOf(readings, { caller, now, timeZone, decided }),
    admitted,
    reservation:
      admitted && liftsAt !== null && readings.length > 0
        ? { id, expiresAt: new Date(liftsAt).toISOString() }
        : null,
    retryAfterSeconds: admitted ? null : retryAfterOf(readings, estimate),
  };
}

// A call that some budget blocks need not come back by itself.
function retryAfterOf(readings: readonly BudgetReading[], estimate: CallEstimate | undefined): number | null {
  const refusing = readings.filter((reading) => weighReservation(reading, estimate).refuses);
  if (refusing.some(({ budget }) => budget.action === 'block')) return null;
  return Math.max(...refusing.map(({ budget }) => Math.ceil(60 / (budget.callsPerMinute ?? 1))));
}

/**
 * Gives back what is held. With the id of the call's event it counts on until that event's cost is in, a minute at most, so
 * that no other call finds a gap; without one the call was never made, and it ends at once. Answers the same whether
 * anything was held, so that ids cannot be probed.
 */
export async function releaseBudgets(
  context: BudgetContext,
  id: string,
  query: URLSearchParams,
): Promise<void> {
  const eventId = query.get('eventId');
  const wrong = [
    ...(uuidV7Schema.safeParse(id).success ? [] : ['id']),
    ...(eventId === null || uuidV7Schema.safeParse(eventId).success ? [] : ['eventId']),
  ];
  if (wrong.length > 0) {
    throw invalidParts(wrong.map((pointer) => ({ pointer, detail: 'Expected a UUID of version 7.' })));
  }
  const { store, clock, recent, caller } = context;
  const now = clock.now();
  await store.releaseBudgets({
    id,
    customerId: boundCustomer(caller.principal),
    eventId,
    liftsAt: eventId === null ? now : now + graceMs,
  });
  recent.forget(store.organizationId);
}
