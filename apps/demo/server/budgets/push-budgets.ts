import type { TallykitClient } from '@tallykit/client';
import { operatorClient } from '../ledger/push-ledger.ts';
import { decimalOf, picoOf, picoPerDollar } from '../pico-dollars.ts';

type BudgetBody = Parameters<TallykitClient['budgets']['put']>[1];

const picoPerCent = picoPerDollar / 100n;

/** Budgets to look at, made to measure of what was spent: over its limit, warned, and well inside. */
export async function pushBudgets(origin: string, endpoint: string): Promise<void> {
  const { budgets } = operatorClient(origin, endpoint);

  const contract: Omit<BudgetBody, 'limit'> = {
    name: 'Contract of Halden Insurance',
    scope: { customerId: 'cus_halden' },
    window: 'total',
    action: 'block',
    warnAt: [0.5, 0.8],
  };
  const money = (amount: string) => ({ unit: 'money', amount, currency: 'USD' }) as const;
  const { status } = await budgets.put('halden-contract', { ...contract, limit: money('1000000') });
  const spent = picoOf(String(status.spent.amount ?? '0'));
  // In whole cents, so that it reads like a limit that somebody agreed on.
  const agreed = ((spent * 100n) / 86n / picoPerCent) * picoPerCent;
  await budgets.put('halden-contract', { ...contract, limit: money(decimalOf(agreed)) });

  const drafts: Omit<BudgetBody, 'limit'> = {
    name: 'Draft replies of a month',
    scope: { productId: 'support-agent', flow: 'draft-reply' },
    window: 'month',
    action: 'alert',
    warnAt: [0.5, 0.9],
  };
  const drafted = await budgets.put('drafts-month', { ...drafts, limit: money('1000000') });
  const cost = picoOf(String(drafted.status.spent.amount ?? '0'));
  // At least a cent, since a month that has just begun must not start with a limit of nothing.
  const planned = ((cost * 100n) / 112n / picoPerCent) * picoPerCent;
  await budgets.put('drafts-month', {
    ...drafts,
    limit: money(decimalOf(planned > picoPerCent ? planned : picoPerCent)),
  });

  const fair: Omit<BudgetBody, 'limit'> = {
    name: 'Fair use of Northlight Clinics',
    scope: { customerId: 'cus_northlight' },
    window: 'month',
    action: 'throttle',
    throttle: { callsPerMinute: 30 },
  };
  const tokens = (amount: number) => ({ unit: 'tokens', amount }) as const;
  const northlight = await budgets.put('northlight-fair-use', { ...fair, limit: tokens(1_000_000_000) });
  const used = Number(northlight.status.spent.amount ?? 0);
  await budgets.put('northlight-fair-use', { ...fair, limit: tokens(Math.max(1_000_000, used * 3)) });
}
