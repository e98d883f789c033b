import { describe, expect, it } from 'vitest';
import { askInsight as ask } from '../testing/questions/ask-insight.ts';
import { adminOf, createQuestionStand, operator } from '../testing/questions/question-stand.ts';

const costs = { list: '1', effective: '0.7', charge: '1.3' };
const day = (number: number, hour = 9) => new Date(Date.UTC(2026, 10, number, hour)).toISOString();

describe('token-spend', () => {
  it('tells spend, tokens, what is pending and why, and what is unattributed', async () => {
    const stand = await createQuestionStand();
    await stand.calls(
      { at: day(18), customerId: 'cus_1', cost: costs },
      { at: day(19), customerId: 'cus_1', cost: { list: '2', currency: 'EUR' } },
      { at: day(19), usage: { input: 5 }, cost: { pending: 'unknown_model' } },
      { at: day(19), usage: undefined, cost: { pending: 'usage_absent' } },
      { at: '2026-10-10T09:00:00Z', cost: costs },
    );
    const answer = await ask(stand.door, operator, 'token-spend');
    expect(answer).toMatchObject({
      range: { from: '2026-10-22T00:00:00.000Z', to: '2026-11-20T10:45:00.000Z', timeZone: 'UTC' },
      spend: [
        { amount: '2', currency: 'EUR' },
        { amount: '0.7', currency: 'USD' },
      ],
      amounts: {
        charge: [
          { amount: '2', currency: 'EUR' },
          { amount: '1.3', currency: 'USD' },
        ],
      },
      calls: 4,
      tokens: { total: 205, prompt: 165, completion: 40 },
      pending: {
        calls: 2,
        tokens: 5,
        share: 0.5,
        reasons: [
          { reason: 'unknown_model', calls: 1 },
          { reason: 'usage_absent', calls: 1 },
        ],
      },
      unattributed: { calls: 2, share: 0.5 },
      previous: { calls: 1, spend: [{ amount: '0.7', currency: 'USD' }] },
      freshness: { pending: { calls: 2, tokens: 5 }, cadence: 'live' },
    });
    expect(answer.series).toHaveLength(30);
    expect(answer.series.at(-1)).toMatchObject({ open: true, calls: 0, tokens: null, spend: [] });
    expect(answer.freshness.openBucket?.start).toBe('2026-11-20T00:00:00.000Z');
    const { from, to } = answer.previous?.range ?? { from: '', to: '' };
    expect(Date.parse(to) - Date.parse(from)).toBe(
      Date.parse(answer.range.to) - Date.parse(answer.range.from),
    );
  });

  it('goes by hours for up to two days and compares with nothing where nothing was', async () => {
    const stand = await createQuestionStand();
    await stand.calls({ at: '2026-11-20T08:15:00Z', cost: costs });
    const answer = await ask(stand.door, adminOf('cus_1'), 'token-spend', { from: '2026-11-20T08:10:00Z' });
    expect(answer.range.from).toBe('2026-11-20T08:00:00.000Z');
    expect(answer.series.map(({ start }) => start.slice(11, 16))).toEqual(['08:00', '09:00', '10:00']);
    expect(answer).toMatchObject({ calls: 0, spend: [], tokens: { total: null }, previous: null });
  });

  it('filters by environment, reasons included', async () => {
    const stand = await createQuestionStand();
    await stand.calls(
      { at: day(19), environment: 'production', cost: { pending: 'no_price' } },
      { at: day(19), environment: 'staging', cost: { pending: 'unknown_model' } },
    );
    const { calls, pending } = await ask(stand.door, operator, 'token-spend', { environment: 'production' });
    expect({ calls, pending }).toEqual({
      calls: 1,
      pending: { calls: 1, tokens: 100, share: 1, reasons: [{ reason: 'no_price', calls: 1 }] },
    });
  });

  it('takes a month of the zone, the current one up to now', async () => {
    const stand = await createQuestionStand({ timeZone: 'Europe/Berlin' });
    const range = async (month: string) => (await ask(stand.door, operator, 'token-spend', { month })).range;
    expect(await range('2026-10')).toEqual({
      from: '2026-09-30T22:00:00.000Z',
      to: '2026-10-31T23:00:00.000Z',
      timeZone: 'Europe/Berlin',
    });
    expect(await range('2026-11')).toMatchObject({
      from: '2026-10-31T23:00:00.000Z',
      to: '2026-11-20T10:45:00.000Z',
    });
  });
});
