import {
  budgetBodySchema,
  budgetIdSchema,
  budgetsPutSchema,
  defaultBudgetWarning,
  type BudgetAnswer,
  type BudgetInput,
  type Principal,
  type PutAnswer,
} from '@tallykit/protocol';
import { customerNotAllowed } from '../access/access-problems.ts';
import { visibilityOf } from '../access/policy.ts';
import { invalidParts, invalidRequest, type WrongPart } from '../http/invalid-request.ts';
import { normalizeDecimal } from '../primitives/money.ts';
import type { BudgetRecord, StoredBudget } from '../storage/contract/budget-store.ts';
import { boundCustomer, mayEditBudget, maySeeBudget, type BudgetContext } from './budget-context.ts';
import { budgetFieldWithheld, budgetIdTaken, budgetNotEditable, budgetNotFound } from './budget-problems.ts';
import { readBudget } from './list-budgets.ts';

const currencies = new Set(Intl.supportedValuesOf('currency'));

/** Stores a batch of budgets, all or none. Putting the same again changes nothing. */
export async function putBudgets(context: BudgetContext, body: unknown): Promise<PutAnswer> {
  const parsed = budgetsPutSchema.safeParse(body);
  if (!parsed.success) throw invalidRequest(parsed.error);
  const { budgets } = parsed.data;
  return store(context, budgets, (index) => `/budgets/${index}`);
}

/** Stores one budget and answers where it stands. */
export async function putBudget(context: BudgetContext, id: string, body: unknown): Promise<BudgetAnswer> {
  checkId(id);
  const parsed = budgetBodySchema.safeParse(body);
  if (!parsed.success) throw invalidRequest(parsed.error);
  // Who could not read the answer is refused before anything is stored.
  await context.door.enter(context.caller.principal);
  await store(context, [{ id, ...parsed.data }], () => '');
  return readBudget(context, id);
}

/** Takes a budget away with what is held under it. */
export async function deleteBudget(context: BudgetContext, id: string): Promise<void> {
  const { principal } = context.caller;
  if (!budgetIdSchema.safeParse(id).success) throw budgetNotFound();
  const [known] = await context.store.budgetsById([id]);
  if (known === undefined || !maySeeBudget(principal, known)) throw budgetNotFound();
  if (!mayEditBudget(principal, known)) throw budgetNotEditable();
  await context.store.deleteBudget(id);
  context.recent.forget(context.store.organizationId);
}

function checkId(id: string): void {
  if (budgetIdSchema.safeParse(id).success) return;
  const detail =
    'Expected up to 64 letters, digits, "_", "-", "." and ":", the first of them a letter or digit.';
  throw invalidParts([{ pointer: 'id', detail }]);
}

async function store(
  context: BudgetContext,
  inputs: readonly BudgetInput[],
  pointerOf: (index: number) => string,
): Promise<PutAnswer> {
  const { clock, recent } = context;
  const { principal } = context.caller;
  for (const input of inputs) checkRights(principal, input);
  const faults = [...faultsOf(inputs, pointerOf), ...(await faultsOfKeys(context, inputs, pointerOf))];
  if (faults.length > 0) throw invalidParts(faults);
  const known = await context.store.budgetsById(inputs.map(({ id }) => id));
  for (const budget of known) {
    if (!maySeeBudget(principal, budget)) throw budgetIdTaken();
    if (!mayEditBudget(principal, budget)) throw budgetNotEditable();
  }
  const records = inputs.map((input) =>
    recordOf(
      input,
      principal,
      known.find(({ id }) => id === input.id),
    ),
  );
  const count = await context.store.putBudgets(records, clock.now());
  recent.forget(context.store.organizationId);
  return count;
}

function checkRights(principal: Principal, { scope, amountKind }: BudgetInput): void {
  const own = boundCustomer(principal);
  if (own !== null && scope.customerId !== undefined && scope.customerId !== own) throw customerNotAllowed();
  if (visibilityOf(principal) === 'operator') return;
  if (scope.keyId !== undefined) throw budgetFieldWithheld('/scope/keyId');
  if (amountKind !== undefined) throw budgetFieldWithheld('/amountKind');
}

function faultsOf(inputs: readonly BudgetInput[], pointerOf: (index: number) => string): WrongPart[] {
  const seen = new Set<string>();
  return inputs.flatMap(({ id, limit }, index) => {
    const faults: WrongPart[] = [];
    if (seen.has(id))
      faults.push({ pointer: `${pointerOf(index)}/id`, detail: 'Another row has the same id.' });
    seen.add(id);
    if (limit.unit === 'money' && !currencies.has(limit.currency)) {
      faults.push({
        pointer: `${pointerOf(index)}/limit/currency`,
        detail: 'Not a currency of ISO 4217, so no call can have a cost in it.',
      });
    }
    return faults;
  });
}

async function faultsOfKeys(
  context: BudgetContext,
  inputs: readonly BudgetInput[],
  pointerOf: (index: number) => string,
): Promise<WrongPart[]> {
  if (inputs.every(({ scope }) => scope.keyId === undefined)) return [];
  const ids = new Set((await context.store.listKeys()).map(({ id }) => id));
  return inputs.flatMap(({ scope: { keyId } }, index) =>
    keyId === undefined || ids.has(keyId)
      ? []
      : [
          {
            pointer: `${pointerOf(index)}/scope/keyId`,
            detail: 'No key has this id. GET /v1/keys lists them.',
          },
        ],
  );
}

function recordOf(input: BudgetInput, principal: Principal, known: StoredBudget | undefined): BudgetRecord {
  const { id, name = null, scope, limit, window, action, throttle } = input;
  const customerId = scope.customerId ?? boundCustomer(principal);
  const isCustomers = visibilityOf(principal) === 'customer';
  const usual = customerId === null ? 'effective' : 'charge';
  return {
    id,
    name,
    scope: {
      customerId,
      productId: scope.productId ?? null,
      flow: scope.flow ?? null,
      keyId: scope.keyId ?? null,
    },
    limit: limit.unit === 'money' ? { ...limit, amount: normalizeDecimal(limit.amount) } : limit,
    window,
    action,
    warnAt: [...new Set(input.warnAt ?? [defaultBudgetWarning])].sort((a, b) => a - b),
    callsPerMinute: throttle?.callsPerMinute ?? null,
    owner: known?.owner ?? (isCustomers ? 'customer' : 'organization'),
    amountKind: isCustomers || known?.owner === 'customer' ? 'charge' : (input.amountKind ?? usual),
  };
}
