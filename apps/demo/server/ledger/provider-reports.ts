import type { ProviderLine } from '@tallykit/protocol';
import { decimalOf } from '../pico-dollars.ts';
import { planDay, type PlannedCall } from '../history/plan-day.ts';

const dayMs = 86_400_000;

/** Published rates in millionths of a millionth of a dollar a token: uncached, cached, output. */
const picoDollars: Readonly<Record<string, readonly [bigint, bigint, bigint]>> = {
  'gpt-4o-mini': [150_000n, 75_000n, 600_000n],
  'gpt-4o': [2_500_000n, 1_250_000n, 10_000_000n],
  'gpt-4.1-mini': [400_000n, 100_000n, 1_600_000n],
  'claude-sonnet-4-5': [3_000_000n, 300_000n, 15_000_000n],
  'llama-3.3-70b-versatile': [590_000n, 590_000n, 790_000n],
};

/** What the demo's providers report besides what the helpdesk captured: a script that bypassed the tracker, on one day. */
const bypass = { provider: 'anthropic', daysAgo: 9, percent: 107n } as const;
/** Providers report late: the newest day that each has told of, counted back from today. */
const reportedUntil: Readonly<Record<string, number>> = { openai: 1, anthropic: 1, groq: 2 };

function lineOf(
  day: number,
  daysAgo: number,
  model: string,
  calls: readonly PlannedCall[],
): ProviderLine | null {
  const rates = picoDollars[model];
  const provider = calls[0]?.flow.provider;
  if (!rates || !provider || daysAgo < (reportedUntil[provider] ?? 1)) return null;
  const percent = provider === bypass.provider && daysAgo === bypass.daysAgo ? bypass.percent : 100n;
  const sum = (count: (call: PlannedCall) => number): bigint =>
    (calls.reduce((total, call) => total + BigInt(call.aborted ? 0 : count(call)), 0n) * percent) / 100n;
  const input = sum((call) => call.input);
  const cacheRead = sum((call) => call.cached);
  const output = sum((call) => call.output);
  return {
    sourceId: `${provider}/${model}/${new Date(day).toISOString().slice(0, 10)}`,
    provider,
    model,
    projectId: 'proj_helpdesk',
    from: new Date(day).toISOString(),
    to: new Date(day + dayMs).toISOString(),
    requests: calls.length,
    usage: { input: Number(input), cacheRead: Number(cacheRead), output: Number(output) },
    cost: {
      amount: decimalOf(input * rates[0] + cacheRead * rates[1] + output * rates[2]),
      currency: 'USD',
    },
    fetchedAt: new Date(day + dayMs + 6 * 3_600_000).toISOString(),
  };
}

/** What each provider's own usage report says of the last `days` closed days, one line a day and model. */
export function providerReports(now: number, days: number): readonly ProviderLine[] {
  const today = Math.floor(now / dayMs) * dayMs;
  return Array.from({ length: days }, (_, index) => days - index).flatMap((daysAgo) => {
    const day = today - daysAgo * dayMs;
    const byModel = Map.groupBy(planDay(day), (call) => call.flow.model);
    return [...byModel].flatMap(([model, calls]) => lineOf(day, daysAgo, model, calls) ?? []);
  });
}
