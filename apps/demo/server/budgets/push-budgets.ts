import type { TallykitClient } from '@tallykit/client';
import { operatorClient } from '../ledger/push-ledger.ts';
import { decimalOf, picoOf, picoPerDollar } from '../pico-dollars.ts';

type BudgetBody = Parameters<TallykitClient['budgets']['put']>[1];

const picoPerCent = picoPerDollar / 100n;

/** Budgets to look at, made to measure of what was spent: one that has warned, and one that is well inside. */
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
