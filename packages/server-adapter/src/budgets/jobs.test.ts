import { expect, it } from 'vitest';
import { cap, openBudgets, operator } from '../testing/open-budgets.ts';

it('records levels that are passed while nobody asks, in the window that they belong to', async () => {
  const { put, spend, storage, tallykit, clock, get } = openBudgets();
  await put('cap', { ...cap, window: 'day', warnAt: [0.4] });
  await spend();
  const noticed = clock.now() + 60_000;
  clock.advance(60_000);
  await storage.runJob('budgets');
  clock.advance(60_000);
  await tallykit.tick();
  expect((await get('cap', operator)).body.status.crossings).toEqual([
    { level: 0.4, at: new Date(noticed).toISOString() },
  ]);
});
