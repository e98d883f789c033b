import { describe, expect, it } from 'vitest';
import { askInsight as ask } from '../testing/questions/ask-insight.ts';
import { adminOf, createQuestionStand, operator, refusalOf } from '../testing/questions/question-stand.ts';

const day = (number: number, hour = 9) => new Date(Date.UTC(2026, 10, number, hour)).toISOString();

describe('usage-over-time', () => {
  async function manyFlows() {
    const stand = await createQuestionStand();
    await stand.calls(
      { at: day(17), flow: 'a', cost: { list: '5' } },
      { at: day(19), flow: 'a', cost: { list: '5' } },
      { at: day(18), flow: 'b', usage: { input: 9000 }, cost: { list: '4' } },
      { at: day(18), cost: { list: '3' } },
      { at: day(18), flow: 'c', cost: { list: '2' } },
      { at: day(18), flow: 'c', cost: { list: '0.1' } },
      { at: day(18), flow: 'd', usage: undefined, cost: { pending: 'usage_absent' } },
    );
    await stand.store.putFlows([{ id: 'a', name: 'Claims triage' }], 0);
    return stand;
  }
  const week = { from: '2026-11-16T00:00:00Z', to: '2026-11-20T00:00:00Z' };

  it('shows the largest groups, calls without one, and all others as one', async () => {
    const { door } = await manyFlows();
    const answer = await ask(door, operator, 'usage-over-time', { ...week, groupBy: 'flow', top: '3' });
    expect(answer.series.map(({ key, label }) => [key, label])).toEqual([
      ['a', 'Claims triage'],
      ['b', 'b'],
      [null, null],
    ]);
    expect(answer.buckets.map(({ start }) => start.slice(0, 10))).toEqual([
      '2026-11-16',
      '2026-11-17',
      '2026-11-18',
      '2026-11-19',
    ]);
    expect(answer.series[0]?.points).toEqual([
      null,
      { calls: 1, tokens: 100, cost: [{ amount: '5', currency: 'USD' }], pendingCalls: 0 },
      null,
      { calls: 1, tokens: 100, cost: [{ amount: '5', currency: 'USD' }], pendingCalls: 0 },
    ]);
    expect(answer.others).toMatchObject({
      groups: 2,
      total: { calls: 3, tokens: 200, cost: [{ amount: '2.1', currency: 'USD' }], pendingCalls: 1 },
    });
    expect(answer.total).toEqual({
      calls: 7,
      tokens: 9500,
      cost: [{ amount: '19.1', currency: 'USD' }],
      pendingCalls: 1,
    });
    expect(answer.groups).toBe(5);
    expect(answer.freshness.pending).toEqual({ calls: 1, tokens: null });
  });

  it.each([
    ['cost', ['a', 'b', null, 'c', 'd']],
    ['tokens', ['b', 'a', 'c', null, 'd']],
    ['calls', ['a', 'c', 'b', 'd', null]],
  ])('ranks by %s', async (orderBy, keys) => {
    const { door } = await manyFlows();
    const answer = await ask(door, operator, 'usage-over-time', { ...week, groupBy: 'flow', orderBy });
    expect(answer.series.map(({ key }) => key)).toEqual(keys);
    expect(answer.others).toBeNull();
  });

  it('gives one series when nothing is grouped', async () => {
    const { door } = await manyFlows();
    const answer = await ask(door, operator, 'usage-over-time', { ...week, grain: 'week' });
    expect(answer.series).toHaveLength(1);
    expect(answer.series[0]).toMatchObject({ key: null, total: { calls: 7 } });
    expect(answer.buckets).toHaveLength(1);
  });

  it('keeps the series and the rest in step with the total for any number of groups', async () => {
    const { door } = await manyFlows();
    for (let top = 1; top <= 6; top += 1) {
      const answer = await ask(door, operator, 'usage-over-time', {
        ...week,
        groupBy: 'flow',
        top: String(top),
      });
      const parts = [...answer.series, ...(answer.others ? [answer.others] : [])];
      expect(parts.reduce((sum, part) => sum + part.total.calls, 0)).toBe(7);
      expect(answer.groups).toBe(5);
    }
  });

  it('filters, and refuses what is withheld or foreign', async () => {
    const { door, doorWith } = await manyFlows();
    const filtered = await ask(door, operator, 'usage-over-time', { ...week, filter: 'flow:in:a,b' });
    expect(filtered.total.calls).toBe(3);
    const hidden = doorWith({ showProviderNames: false });
    const withheld: readonly Record<string, string>[] = [
      { groupBy: 'model' },
      { groupBy: 'provider' },
      { filter: 'model:eq:x' },
    ];
    for (const query of withheld) {
      expect(await refusalOf(ask(hidden, adminOf('cus_1'), 'usage-over-time', query))).toMatchObject({
        status: 403,
        code: 'field_withheld',
      });
    }
    expect(
      await refusalOf(ask(door, adminOf('cus_1'), 'usage-over-time', { filter: 'customer:eq:cus_2' })),
    ).toMatchObject({ status: 403, code: 'customer_not_allowed' });
  });

  it.each([
    ['2026-03-29', '2026-03-28T23:00:00Z', 23],
    ['2026-10-25', '2026-10-24T22:00:00Z', 25],
  ])('has as many hours on %s as the clocks of Berlin', async (_day, from, hours) => {
    const stand = await createQuestionStand({ timeZone: 'Europe/Berlin' });
    const start = Date.parse(from);
    const to = new Date(start + hours * 3_600_000).toISOString();
    await stand.calls(
      ...Array.from({ length: hours }, (_, hour) => ({
        at: new Date(start + hour * 3_600_000 + 60_000).toISOString(),
        cost: { list: '1' },
      })),
    );
    const byHour = await ask(stand.door, operator, 'usage-over-time', { from, to, grain: 'hour' });
    expect(byHour.series[0]?.points.map((point) => point?.calls)).toEqual(Array(hours).fill(1));
    const byDay = await ask(stand.door, operator, 'usage-over-time', { from, to, grain: 'day' });
    expect(byDay.buckets).toHaveLength(1);
    expect(byDay.total.calls).toBe(hours);
  });

  it('names the configuration that costs twice as much a call', async () => {
    const stand = await createQuestionStand();
    const of = (configuration: string, list: string) => ({ at: day(19), configuration, cost: { list } });
    await stand.calls(of('v1', '1'), of('v1', '1'), of('v2', '2'), of('v2', '2'));
    const { series } = await ask(stand.door, operator, 'usage-over-time', { groupBy: 'configuration' });
    expect(series.map(({ key, total }) => [key, total.calls, total.cost[0]?.amount])).toEqual([
      ['v2', 2, '4'],
      ['v1', 2, '2'],
    ]);
  });

  it('never adds two currencies', async () => {
    const stand = await createQuestionStand();
    await stand.calls(
      { at: day(19), flow: 'a', cost: { list: '1' } },
      { at: day(19), flow: 'a', cost: { list: '1', currency: 'JPY' } },
      { at: day(19), flow: 'b', cost: { list: '1' } },
    );
    const { series, total } = await ask(stand.door, operator, 'usage-over-time', { groupBy: 'flow' });
    expect(total.cost).toEqual([
      { amount: '1', currency: 'JPY' },
      { amount: '2', currency: 'USD' },
    ]);
    expect(series[0]?.points.at(-2)?.cost).toHaveLength(2);
  });

  it('refuses more buckets than anybody reads', async () => {
    const { door } = await createQuestionStand();
    const query = { from: '2016-01-01T00:00:00Z', grain: 'hour' };
    expect(await refusalOf(ask(door, operator, 'usage-over-time', query))).toMatchObject({
      status: 400,
      code: 'too_detailed',
    });
  });
});
