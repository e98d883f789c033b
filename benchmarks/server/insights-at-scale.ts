import type { Tallykit } from '@tallykit/server-adapter';
import { percentile, type Measurement, type Scenario } from '../measurement.ts';
import { generateEvents } from './generate-events.ts';
import { openTallykit } from './open-tallykit.ts';

const sizes = [100_000, 1_000_000] as const;
const runs = 40;
const customers = 1_000;

const questions: readonly { readonly what: string; readonly path: (run: number) => string }[] = [
  { what: 'token-spend, 90 days, all customers', path: () => 'token-spend?' },
  { what: 'token-spend, 90 days, one customer', path: (run) => `token-spend?customerId=customer-${run}&` },
  { what: 'usage-over-time by model, daily', path: () => 'usage-over-time?groupBy=model&grain=day&' },
  {
    what: 'usage-over-time by customer, daily, top 5',
    path: () => 'usage-over-time?groupBy=customer&grain=day&',
  },
  { what: 'usage-over-time by flow, weekly', path: () => 'usage-over-time?groupBy=flow&grain=week&' },
  {
    what: 'usage-over-time by model, one customer, daily',
    path: (run) => `usage-over-time?groupBy=model&grain=day&customerId=customer-${run}&`,
  },
  { what: 'revenue-hero', path: () => 'revenue-hero?' },
  { what: 'reconciliation-status', path: () => 'reconciliation-status?' },
];

async function ask(tallykit: Tallykit, path: string): Promise<number> {
  const begun = performance.now();
  const response = await tallykit.handler(new Request(`http://bench.test/v1/insights/${path}`));
  await response.text();
  if (response.status !== 200) throw new Error(`${path} answered ${response.status}`);
  return performance.now() - begun;
}

async function timesAt(size: number, until: number): Promise<Map<string, readonly number[]>> {
  const { tallykit, close } = await openTallykit('postgres');
  const shape = { events: size, customers, until, days: 89, seed: size };
  for (const events of generateEvents(shape, 2_000)) {
    const answer = await tallykit.ingest({ protocol: 1, sentAt: new Date(until).toISOString(), events });
    if (answer.accepted !== events.length)
      throw new Error(`Only ${answer.accepted} of ${events.length} events were accepted.`);
  }
  await tallykit.tick();
  const span = `from=${new Date(until - 89 * 86_400_000).toISOString()}&to=${new Date(until).toISOString()}`;
  const times = new Map<string, readonly number[]>();
  for (const { what, path } of questions) {
    const of = (run: number): string => path(run) + (path(run).startsWith('reconciliation') ? '' : span);
    for (let run = 0; run < 5; run++) await ask(tallykit, of(run));
    const measured: number[] = [];
    for (let run = 0; run < runs; run++) measured.push(await ask(tallykit, of(run)));
    times.set(what, measured);
  }
  await close();
  return times;
}

async function measure(): Promise<readonly Measurement[]> {
  const until = Math.floor(Date.now() / 3_600_000) * 3_600_000;
  const [small, large] = [await timesAt(sizes[0], until), await timesAt(sizes[1], until)];
  return questions.flatMap(({ what }): Measurement[] => {
    const [few, many] = [small.get(what) ?? [], large.get(what) ?? []];
    return [
      {
        what: `${what}: p95 at 1 M events`,
        unit: 'ms',
        value: percentile(many, 0.95),
        spread: [Math.min(...many), Math.max(...many)],
        target: { kind: 'at most', value: 50 },
      },
      {
        what: `${what}: median at 1 M against 100 k`,
        unit: 'x',
        value: percentile(many, 0.5) / percentile(few, 0.5),
        target: { kind: 'at most', value: 1.5 },
      },
    ];
  });
}

/** Whether answers stay fast as the store grows. */
export const insightsAtScale: Scenario = {
  id: 'server/insights-at-scale',
  question:
    'How long does each insight take at a million events (PostgreSQL, 90 days, 1,000 customers), and how does that grow?',
  run: measure,
};
