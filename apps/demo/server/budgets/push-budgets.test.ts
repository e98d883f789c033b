import { expect, test } from 'vitest';
import { fillHistory } from '../history/fill-history.ts';
import { operatorClient } from '../ledger/push-ledger.ts';
import { startHost } from '../start-host.ts';
import { pushBudgets } from './push-budgets.ts';

test('one budget is over its limit, one has warned and one is well inside, whatever was spent', async () => {
  const host = await startHost({ port: 0, data: undefined, recentCalls: () => [] });
  try {
    await fillHistory({
      now: Date.now(),
      days: 3,
      ingest: host.tallykit.ingest,
      onProgress: () => undefined,
    });
    await pushBudgets(host.origin, host.endpoint);
    const { budgets } = await operatorClient(host.origin, host.endpoint).budgets.list();
    const states = budgets.map(({ budget, status }) => [budget.id, status.state]);
    expect(states).toEqual([
      ['drafts-month', 'over'],
      ['halden-contract', 'warned'],
      ['northlight-fair-use', 'inside'],
    ]);
  } finally {
    await host.close();
  }
}, 60_000);
