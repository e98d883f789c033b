import { afterAll, expect, test } from 'vitest';
import { createTracker } from '@tallykit/tracker-sdk';
import { clientAs, totalsOf, until } from './ask.ts';
import { idAt } from './build-events.ts';
import { runServer, runTallykit } from './run-server.ts';
import { engines, type FreshStore } from './stores.ts';

const cleanUp: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const step of cleanUp.toReversed()) await step();
});

async function freshStore(engine: 'embedded' | 'postgres'): Promise<FreshStore> {
  const found = engines.find((candidate) => candidate.engine === engine);
  if (!found) throw new Error(`There is no engine ${engine} here.`);
  const store = await found.fresh();
  cleanUp.push(store.remove);
  return store;
}

test('an embedded store that is copied to PostgreSQL answers the same, keeps its keys and budgets, and goes on', async () => {
  const [small, large] = [await freshStore('embedded'), await freshStore('postgres')];
  if (small.store.engine !== 'embedded' || large.store.engine !== 'postgres')
    throw new Error('Wrong engines.');
  const before = await runServer({ store: small.store });
  cleanUp.push(before.stop);
  const operator = clientAs(before.endpoint, 'operator');
  await operator.ledger.putCustomers([{ id: 'cus_1', name: 'Größe & Söhne "Zwei"' }]);
  const tracker = createTracker({ endpoint: before.endpoint, apiKey: before.ingestKey ?? '' });
  for (let index = 0; index < 2_500; index++) {
    tracker.record({
      provider: 'openai',
      requestModel: index % 100 === 0 ? 'unknown-model' : 'gpt-4o-mini',
      operation: 'chat',
      customerId: `cus_${index % 3}`,
      conversationId: `conversation ${index % 40}`,
      tags: { note: `it's "${index}" \\ \u{1f4ac}` },
      usage: { input: 100 + index, output: index },
    });
  }
  await tracker.flush();
  const totals = await until(
    () => totalsOf(operator),
    (found) => found.calls === 2_500,
  );
  const question = { groupBy: 'customer', grain: 'day' } as const;
  // Totals of single calls are there at once, sums a moment later.
  const wanted = await until(
    () => operator.insights.get('usage-over-time', question),
    (found) => found.total.calls === 2_500,
  );
  const dollars = (amount: string) => ({ unit: 'money', amount, currency: 'USD' }) as const;
  const ofAll = { window: 'total', action: 'block' } as const;
  await operator.budgets.putAll([
    { id: 'spent', scope: { customerId: 'cus_1' }, limit: dollars('0.001'), warnAt: [0.5], ...ofAll },
    { id: 'held', scope: { flow: 'guarded' }, limit: dollars('1'), ...ofAll },
  ]);
  const { status: spent } = await operator.budgets.get('spent');
  expect(spent).toMatchObject({ state: 'over', crossings: [{ level: 0.5 }, { level: 1 }] });
  const estimate = { amount: '0.75', currency: 'USD' };
  const reserve = (by: typeof operator) =>
    by.budgets.reserve({ id: idAt(Date.now()), scope: { flow: 'guarded' }, estimate, seconds: 600 });
  expect(await reserve(operator)).toMatchObject({ admitted: true });
  await tracker.shutdown();
  await before.stop();

  const copied = await runTallykit(['copy', '--data', small.store.folder, '--database-url', large.store.url]);
  expect(copied).toMatchObject({ code: 0 });
  const again = await runTallykit(['copy', '--data', small.store.folder, '--database-url', large.store.url]);
  expect(again.code).toBe(1);
  expect(again.output).toContain('Nothing was copied');
  const check = await runTallykit(['check', '--database-url', large.store.url]);
  expect(check.output).toContain('no drift');

  const after = await runServer({ store: large.store });
  cleanUp.push(after.stop);
  const moved = clientAs(after.endpoint, 'operator');
  expect(await totalsOf(moved)).toEqual(totals);
  const answer = await moved.insights.get('usage-over-time', question);
  expect({ series: answer.series, total: answer.total }).toEqual({
    series: wanted.series,
    total: wanted.total,
  });
  // What was spent, which levels were passed when, and what is held came along.
  expect((await moved.budgets.get('spent')).status).toEqual(spent);
  expect((await moved.budgets.get('held')).status.reserved.amount).toBe('0.75');
  expect(await reserve(moved)).toMatchObject({ admitted: false });
  const late = createTracker({ endpoint: after.endpoint, apiKey: before.ingestKey ?? '' });
  late.record({
    provider: 'openai',
    requestModel: 'gpt-4o-mini',
    operation: 'chat',
    usage: { input: 1, output: 1 },
  });
  expect(await late.flush()).toBe(true);
  const grown = await until(
    () => totalsOf(moved),
    (found) => found.calls === 2_501,
  );
  expect(grown.calls).toBe(2_501);
  await late.shutdown();
});
