import { expect, it } from 'vitest';
import { addToBudgets } from './count-budgets.ts';

it('adds new log entries to every budget in one statement', async () => {
  await expect(`${addToBudgets}\n`).toMatchFileSnapshot('__snapshots__/add-to-budgets.sql');
});
