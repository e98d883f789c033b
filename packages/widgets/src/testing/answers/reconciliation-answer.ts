import type { Money, ReconciliationDay, ReconciliationState, ReconciliationStatus } from '@tallykit/protocol';
import { exampleNow } from './calendar.ts';

const usd = (amount: string): readonly Money[] => [{ amount, currency: 'USD' }];

const days = Array.from({ length: 14 }, (_, index) => `2026-11-${String(7 + index).padStart(2, '0')}`);

/** m matched, a adjusted, p provisional, w waiting, v variance, u unallocated: one letter a day from 7 to 20 November. */
const patterns: Readonly<Record<string, readonly [letters: string, fetchedAt: string]>> = {
  openai: ['mmmmmmmmmmmmpw', '2026-11-20T05:00:00.000Z'],
  anthropic: ['mmmmmmmammmmpw', '2026-11-20T09:35:00.000Z'],
  bedrock: ['mmmmvmmmmmmppw', '2026-11-20T04:10:00.000Z'],
  vertex: ['mmmmmmmmmpppww', '2026-11-19T22:00:00.000Z'],
};

const states: Readonly<Record<string, ReconciliationState>> = {
  m: 'matched',
  a: 'matched_with_adjustment',
  p: 'provisional',
  w: 'waiting',
  v: 'variance',
  u: 'unallocated',
};

function reportedDay(state: ReconciliationState, day: string, base: number): ReconciliationDay {
  const difference = state === 'variance' ? 5.9 : state === 'matched_with_adjustment' ? 0.22 : 0;
  if (state === 'waiting') return { day, state, coverage: null };
  return {
    day,
    state,
    coverage: state === 'provisional' ? 0.97 : 1 - difference / base,
    reported: {
      tokens: Math.round(base * 440_000),
      requests: Math.round(base * 180),
      cost: usd(base.toFixed(4)),
    },
    captured: {
      tokens: Math.round((base - difference) * 440_000),
      calls: Math.round((base - difference) * 180),
      cost: usd((base - difference).toFixed(4)),
      pendingCalls: 0,
    },
    residual: {
      tokens: Math.round(difference * 440_000),
      cost: usd(difference.toFixed(4)),
      reasons: state === 'variance' ? ['bypass_traffic'] : [],
    },
  };
}

const providers = Object.entries(patterns).map(([provider, [letters, fetchedAt]], rank) => ({
  provider,
  fetchedAt,
  days: days.map((day, index) =>
    reportedDay(states[letters[index] ?? 'w'] ?? 'waiting', day, 62 / (1 + rank) + ((index * 7) % 5)),
  ),
}));

const counted = providers.flatMap((provider) => provider.days.map((day) => day.state));
const counts = [...new Set(counted)].map((state) => ({
  state,
  days: counted.filter((one) => one === state).length,
}));

/** Four providers over fourteen days, as an operator sees them. */
export const reconciliationAnswer: ReconciliationStatus = {
  insight: 'reconciliation-status',
  range: { from: '2026-11-07T00:00:00.000Z', to: '2026-11-21T00:00:00.000Z', timeZone: 'UTC' },
  state: 'variance',
  matchedThrough: '2026-11-10',
  coverage: 0.9932,
  totals: { reported: usd('2871.40'), captured: usd('2865.28'), unexplained: usd('6.12') },
  providers,
  counts,
  scope: { organizationId: 'org_acme', customerId: null, customerName: null, visibility: 'operator' },
  freshness: {
    asOf: exampleNow,
    cadence: 'on_write',
    openBucket: { start: '2026-11-20T00:00:00.000Z', end: '2026-11-21T00:00:00.000Z' },
    pending: { calls: 0, tokens: null },
    withheld: [],
    engine: 'reference',
  },
};

/** What a customer gets of it: no amounts, no names of providers. */
export const reconciliationForCustomer: ReconciliationStatus = {
  ...reconciliationAnswer,
  state: 'matched',
  matchedThrough: '2026-11-18',
  totals: undefined,
  providers: [
    {
      provider: null,
      fetchedAt: '2026-11-20T05:00:00.000Z',
      days: days.map((day, index) => ({
        day,
        state: index < 12 ? 'matched' : 'provisional',
        coverage: index < 12 ? 0.999 : null,
      })),
    },
  ],
  counts: [
    { state: 'matched', days: 12 },
    { state: 'provisional', days: 2 },
  ],
  scope: {
    organizationId: 'org_acme',
    customerId: 'cus_halden',
    customerName: 'Halden Insurance',
    visibility: 'customer',
  },
};

/** While some captured calls have no price yet. */
export const reconciliationPending: ReconciliationStatus = {
  ...reconciliationAnswer,
  providers: reconciliationAnswer.providers.map((provider) => ({
    ...provider,
    days: provider.days.map((day) =>
      day.captured && day.day === '2026-11-15'
        ? { ...day, captured: { ...day.captured, pendingCalls: 3 } }
        : day,
    ),
  })),
  freshness: { ...reconciliationAnswer.freshness, pending: { calls: 12, tokens: 40_000 } },
};

/** Reports were given once, but none for these days. */
export const reconciliationEmpty: ReconciliationStatus = {
  ...reconciliationAnswer,
  state: 'waiting',
  matchedThrough: null,
  coverage: null,
  totals: { reported: [], captured: [], unexplained: [] },
  providers: [],
  counts: [],
};

/** Seen by an operator who may not see amounts. */
export const reconciliationWithheld: ReconciliationStatus = {
  ...reconciliationAnswer,
  totals: undefined,
  providers: reconciliationAnswer.providers.map((provider) => ({
    ...provider,
    days: provider.days.map(({ day, state, coverage }) => ({ day, state, coverage })),
  })),
  freshness: { ...reconciliationAnswer.freshness, withheld: ['amounts'] },
};
