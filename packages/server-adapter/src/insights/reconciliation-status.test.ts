import { describe, expect, it } from 'vitest';
import { askInsight as ask } from '../testing/questions/ask-insight.ts';
import { adminOf, createQuestionStand, operator } from '../testing/questions/question-stand.ts';

const costs = { list: '1', effective: '0.7', charge: '1.3' };
const day = (number: number, hour = 9) => new Date(Date.UTC(2026, 10, number, hour)).toISOString();

describe('reconciliation-status', () => {
  async function reported() {
    const stand = await createQuestionStand();
    await stand.calls(
      { at: day(10), customerId: 'cus_1', cost: { list: '2', effective: '1' } },
      { at: day(11), customerId: 'cus_2', provider: 'anthropic', cost: { list: '2', effective: '1' } },
    );
    const line = { provider: 'openai', usage: { input: 80, output: 20 }, fetchedAt: '2026-11-19T00:00:00Z' };
    const of = (number: number) => ({ from: day(number, 0), to: day(number + 1, 0) });
    await stand.store.putProviderLines(
      [
        {
          ...line,
          ...of(10),
          sourceId: '1',
          cost: { amount: '1.00', currency: 'USD' },
          projectId: 'canary_project',
        },
        {
          ...line,
          ...of(11),
          sourceId: '2',
          provider: 'anthropic',
          cost: { amount: '3.00', currency: 'USD' },
        },
        {
          ...line,
          ...of(12),
          sourceId: '3',
          cost: { amount: '5.00', currency: 'USD' },
          lineItem: 'canary_item',
        },
      ],
      0,
    );
    return stand;
  }

  it('shows operators both sides, what is left and why', async () => {
    const { door } = await reported();
    const answer = await ask(door, operator, 'reconciliation-status');
    expect(answer).toMatchObject({
      state: 'variance',
      matchedThrough: '2026-11-10',
      range: { timeZone: 'UTC' },
    });
    expect(answer.providers.map(({ provider, days }) => [provider, days.map(({ state }) => state)])).toEqual([
      ['anthropic', ['variance']],
      ['openai', ['matched', 'unallocated']],
    ]);
    expect(answer.totals).toEqual({
      reported: [{ amount: '9', currency: 'USD' }],
      captured: [{ amount: '2', currency: 'USD' }],
      unexplained: [{ amount: '7', currency: 'USD' }],
    });
    expect(answer.providers[1]?.days[1]?.residual?.reasons).toEqual(['bypass_traffic']);
    expect(answer.coverage).toBeCloseTo(2 / 9);
  });

  it('shows a customer the state of the days of its own calls and no amount', async () => {
    const { door, doorWith } = await reported();
    const answer = await ask(door, adminOf('cus_1'), 'reconciliation-status');
    expect(answer).toMatchObject({ state: 'matched', matchedThrough: '2026-11-10', coverage: 1 });
    expect(answer.totals).toBeUndefined();
    expect(answer.providers).toEqual([
      {
        provider: 'openai',
        fetchedAt: '2026-11-19T00:00:00.000Z',
        days: [{ day: '2026-11-10', state: 'matched', coverage: 1 }],
      },
    ]);
    const unnamed = await ask(
      doorWith({ showProviderNames: false }),
      adminOf('cus_1'),
      'reconciliation-status',
    );
    expect(unnamed.providers[0]?.provider).toBeNull();
    expect(unnamed.freshness.withheld).toEqual(['reported', 'captured', 'residual', 'totals', 'provider']);
    expect(JSON.stringify(unnamed)).not.toMatch(/openai|canary|amount/);
  });

  it('does not let days before the first report stand in the way of the later ones', async () => {
    const { door, calls } = await reported();
    await calls({ at: day(5), customerId: 'cus_1', cost: { list: '1' } });
    const answer = await ask(door, adminOf('cus_1'), 'reconciliation-status', { month: '2026-11' });
    expect(answer.providers[0]?.days.map(({ state }) => state)).toEqual(['not_configured', 'matched']);
    expect(answer).toMatchObject({ state: 'matched', matchedThrough: '2026-11-10' });
  });

  it('is not configured until a provider reported anything', async () => {
    const stand = await createQuestionStand();
    await stand.calls({ at: day(10), cost: costs });
    const answer = await ask(stand.door, operator, 'reconciliation-status');
    expect(answer).toMatchObject({ state: 'not_configured', matchedThrough: null, coverage: null });
    expect(answer.counts).toEqual([{ state: 'not_configured', days: 1 }]);
  });
});
