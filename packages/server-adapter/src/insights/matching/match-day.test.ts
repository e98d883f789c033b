import { readFile } from 'node:fs/promises';
import type { Money } from '@tallykit/protocol';
import { describe, expect, it } from 'vitest';
import { matchDay } from './match-day.ts';
import type { CapturedDay, ReportedDay } from './provider-day.ts';
import { reportTimingOf, reportTimings } from './provider-report-timing.ts';

const day = '2026-11-10';
const dayEnd = Date.parse('2026-11-11T00:00:00Z');
const later = dayEnd + 20 * 86_400_000;
const usd = (amount: string): readonly Money[] => [{ amount, currency: 'USD' }];

const reportedDay = (more: Partial<ReportedDay> = {}): ReportedDay => ({
  tokens: 1_000_000,
  requests: null,
  cost: usd('10'),
  lines: 1,
  fetchedAt: later,
  ...more,
});

const capturedDay = (more: Partial<CapturedDay> = {}): CapturedDay => ({
  tokens: 1_000_000,
  calls: 100,
  cost: usd('10'),
  pendingCalls: 0,
  abortedCalls: 0,
  ...more,
});

interface Case {
  readonly reported?: ReportedDay | null;
  readonly captured?: CapturedDay | null;
  readonly now?: number;
  readonly fetchedAt?: number | null;
  readonly firstDay?: string;
  readonly provider?: string;
}

function match({ reported = reportedDay(), captured = capturedDay(), ...told }: Case) {
  const { now = later, fetchedAt = later, firstDay = day, provider = 'openai' } = told;
  const report = fetchedAt === null ? null : { firstDay, fetchedAt };
  const { state, coverage, residual } = matchDay({ provider, day, reported, captured }, { now, report });
  return { state, coverage, reasons: residual.reasons, residual };
}

describe('without lines', () => {
  it('is not configured while the provider never reported anything', () => {
    expect(match({ reported: null, fetchedAt: null }).state).toBe('not_configured');
  });

  it('is not configured for days before the first that was ever reported', () => {
    expect(match({ reported: null, firstDay: '2026-11-11' })).toMatchObject({
      state: 'not_configured',
      coverage: null,
    });
    expect(match({ reported: null, firstDay: '2026-11-09' }).state).toBe('variance');
  });

  it('waits inside the lag of the provider', () => {
    const now = dayEnd + 23 * 3_600_000;
    expect(match({ reported: null, now, fetchedAt: now }).state).toBe('waiting');
    expect(match({ reported: null, now, fetchedAt: now, provider: 'anthropic' }).state).toBe('variance');
  });

  it('waits on while nobody has read the report since', () => {
    expect(match({ reported: null, fetchedAt: dayEnd }).state).toBe('waiting');
  });

  it('is a variance once a report that should hold the day does not', () => {
    expect(match({ reported: null })).toMatchObject({
      state: 'variance',
      coverage: null,
      reasons: ['boundary'],
    });
  });
});

describe('with lines', () => {
  it('is matched when quantities and money are equal', () => {
    expect(match({})).toMatchObject({ state: 'matched', coverage: 1, reasons: [] });
    expect(match({}).residual).toEqual({ tokens: 0, cost: [], reasons: [] });
  });

  it.each([
    ['half a percent of tokens', { tokens: 995_000 }, {}],
    ['half a percent of money', {}, { cost: usd('10.05') }],
    ['rounding to cents, line by line', { cost: usd('9.9') }, { lines: 20 }],
  ])('is matched within %s', (_name, captured, reported) => {
    const result = match({ captured: capturedDay(captured), reported: reportedDay(reported) });
    expect(result.state).toBe('matched');
  });

  it('says that rounding is what is left', () => {
    expect(match({ captured: capturedDay({ cost: usd('9.998') }) })).toMatchObject({
      state: 'matched',
      reasons: ['rounding'],
      residual: { cost: usd('0.002') },
    });
  });

  it('lets rounding explain nothing of amounts that were not rounded', () => {
    const tiny = match({
      reported: reportedDay({ cost: usd('0.002') }),
      captured: capturedDay({ cost: usd('0.0001') }),
    });
    expect(tiny.state).toBe('variance');
  });

  it('is provisional while the provider may restate, whatever it says now', () => {
    const now = dayEnd + 23 * 3_600_000;
    expect(match({ now }).state).toBe('provisional');
    expect(match({ now, captured: capturedDay({ tokens: 1 }) }).state).toBe('provisional');
    expect(match({ now: dayEnd + 24 * 3_600_000 }).state).toBe('matched');
  });

  it('is unallocated when no call of a closed day was captured', () => {
    expect(match({ captured: null })).toMatchObject({
      state: 'unallocated',
      coverage: 0,
      reasons: ['bypass_traffic'],
    });
    expect(match({ captured: null, now: dayEnd - 1 }).state).toBe('provisional');
  });

  it('is matched when the provider reports nothing and nothing was captured', () => {
    expect(match({ captured: null, reported: reportedDay({ tokens: 0, cost: usd('0') }) }).state).toBe(
      'matched',
    );
  });

  it('is matched with an adjustment when pending or aborted calls explain the money', () => {
    expect(match({ captured: capturedDay({ cost: usd('2'), pendingCalls: 3 }) })).toMatchObject({
      state: 'matched_with_adjustment',
      coverage: 0.2,
      reasons: ['unknown_price'],
    });
    expect(match({ captured: capturedDay({ cost: usd('2'), abortedCalls: 3 }) })).toMatchObject({
      state: 'matched_with_adjustment',
      reasons: ['aborted_streams'],
    });
  });

  it('does not let pending calls explain a captured cost that is too high', () => {
    expect(match({ captured: capturedDay({ cost: usd('100'), pendingCalls: 3 }) }).state).toBe('variance');
  });

  it.each([
    ['half the price, as for a batch', '5'],
    ['twice the price, as for a priority tier', '20'],
  ])('is matched with an adjustment at %s', (_name, cost) => {
    expect(match({ reported: reportedDay({ cost: usd(cost) }) })).toMatchObject({
      state: 'matched_with_adjustment',
      reasons: ['tier_or_batch'],
    });
  });

  it('is a variance at a price that no tier explains', () => {
    expect(match({ reported: reportedDay({ cost: usd('100') }) }).state).toBe('variance');
    expect(match({ reported: reportedDay({ cost: usd('1') }) }).state).toBe('variance');
  });

  it('is a variance when quantities differ, although the money is equal', () => {
    expect(match({ captured: capturedDay({ tokens: 900_000 }) })).toMatchObject({
      state: 'variance',
      reasons: ['bypass_traffic'],
      residual: { tokens: 100_000 },
    });
    expect(match({ captured: capturedDay({ tokens: 985_000 }) }).reasons).toEqual(['boundary']);
    expect(match({ captured: capturedDay({ tokens: 900_000, abortedCalls: 2 }) }).reasons).toContain(
      'aborted_streams',
    );
    expect(match({ captured: capturedDay({ tokens: null }) }).state).toBe('variance');
  });

  it('never compares amounts of two currencies with each other', () => {
    expect(match({ captured: capturedDay({ cost: [{ amount: '10', currency: 'EUR' }] }) })).toMatchObject({
      state: 'variance',
      coverage: 0,
    });
  });

  it('falls back to requests, and to money alone, where a report says no more', () => {
    const requests = reportedDay({ tokens: null, requests: 100, cost: [] });
    expect(match({ reported: requests })).toMatchObject({ state: 'matched', coverage: 1 });
    expect(match({ reported: { ...requests, requests: 200 } })).toMatchObject({
      state: 'variance',
      coverage: 0.5,
    });
    const money = reportedDay({ tokens: null });
    expect(match({ reported: money }).state).toBe('matched');
    expect(match({ reported: { ...money, cost: usd('12') } })).toMatchObject({
      state: 'variance',
      reasons: ['tools_or_code'],
    });
  });
});

describe('report timings', () => {
  it('name where each figure comes from', () => {
    for (const timing of Object.values(reportTimings)) expect(timing.source).toMatch(/https:\/\//);
  });

  it('are those of the guide', async () => {
    const guide = new URL('../../../../../docs/guides/reconciliation.md', import.meta.url);
    const rows = (await readFile(guide, 'utf8')).split('\n').map((line) => line.replaceAll(/\s+/g, ' '));
    for (const [provider, { lagHours, restatedDays }] of Object.entries(reportTimings)) {
      const hours = `${lagHours} hour${lagHours === 1 ? '' : 's'}`;
      expect(rows).toContain(
        `| \`${provider}\` | ${hours} | ${restatedDays} day${restatedDays === 1 ? '' : 's'} |`,
      );
    }
  });

  it('hold for every name of a provider', () => {
    expect(reportTimingOf('gcp.vertex_ai')).toBe(reportTimings['google']);
    expect(reportTimingOf('aws.bedrock')).toBe(reportTimings['aws']);
  });

  it('guess with care for anybody else', () => {
    for (const provider of ['unheard-of', 'constructor', '__proto__']) {
      expect(reportTimingOf(provider)).toMatchObject({ lagHours: 24, restatedDays: 1 });
    }
  });
});
