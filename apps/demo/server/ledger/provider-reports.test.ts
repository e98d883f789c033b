import { providerLineSchema } from '@tallykit/protocol';
import { describe, expect, test } from 'vitest';
import { planDay } from '../history/plan-day.ts';
import { providerReports } from './provider-reports.ts';

const dayMs = 86_400_000;
const now = Date.UTC(2026, 10, 20, 10, 42);
const today = Date.UTC(2026, 10, 20);

describe('what the demo providers report', () => {
  test('every line is one that the protocol accepts, with an id of its own', () => {
    const lines = providerReports(now, 30);
    for (const line of lines) expect(providerLineSchema.safeParse(line).error).toBeUndefined();
    expect(new Set(lines.map((line) => line.sourceId)).size).toBe(lines.length);
  });

  test('a day without a planted difference holds exactly what the assistant used', () => {
    const day = today - 5 * dayMs;
    const used = planDay(day).filter((call) => call.flow.model === 'gpt-4o' && !call.aborted);
    const line = providerReports(now, 30).find(
      (candidate) => candidate.model === 'gpt-4o' && Date.parse(candidate.from) === day,
    );
    expect(line?.usage?.output).toBe(used.reduce((sum, call) => sum + call.output, 0));
  });

  test('today is never reported, and a model without a price is not on any bill', () => {
    const lines = providerReports(now, 30);
    expect(lines.filter((line) => Date.parse(line.to) > today)).toEqual([]);
    expect(lines.filter((line) => line.model === 'nova-2-lite')).toEqual([]);
  });
});
