import { traceAnswerSchema } from '@tallykit/protocol';
import { describe, expect, it } from 'vitest';
import { adminOf, createQuestionStand, operator, refusalOf } from '../testing/questions/question-stand.ts';
import { readTrace } from './read-trace.ts';

const traceId = 'a'.repeat(32);

describe('readTrace', () => {
  it('adds up the calls of a trace, and tells what is pending', async () => {
    const stand = await createQuestionStand();
    await stand.calls(
      { at: '2026-11-19T09:00:00Z', cost: { list: '1', effective: '0.7' } },
      { at: '2026-11-19T09:00:01Z', cost: { list: '2', effective: '0.3' } },
      { at: '2026-11-19T09:00:02Z', cost: { list: '5', currency: 'EUR' } },
      { at: '2026-11-19T09:00:03Z', usage: { output: 7 }, cost: { pending: 'no_price' } },
      { at: '2026-11-19T09:00:04Z', usage: undefined, cost: { pending: 'usage_absent' } },
      { at: '2026-11-19T09:00:05Z', traceId: 'b'.repeat(32), cost: { list: '9' } },
    );
    await stand.events({
      at: '2026-11-19T09:00:06Z',
      event: (id) => ({ kind: 'signal', id, traceId, name: 'ticket_resolved' }),
    });
    const answer = await readTrace(stand.door, operator, traceId);
    expect(traceAnswerSchema.safeParse(answer).success).toBe(true);
    expect(answer.totals).toEqual({
      calls: 5,
      tokens: 307,
      cost: [
        { amount: '5', currency: 'EUR' },
        { amount: '1', currency: 'USD' },
      ],
      pending: { calls: 2, tokens: 7 },
    });
    expect(answer.spans.map(({ name, pending, tokens }) => [name, pending, tokens])).toEqual([
      ['chat gpt-4o-mini', false, 100],
      ['chat gpt-4o-mini', false, 100],
      ['chat gpt-4o-mini', false, 100],
      ['chat gpt-4o-mini', true, 7],
      ['chat gpt-4o-mini', true, null],
      ['ticket_resolved', false, null],
    ]);
  });

  it('counts a response that was seen twice once, with the usage of the second sighting', async () => {
    const stand = await createQuestionStand();
    const twice = { responseId: 'r1', provider: 'openai' };
    await stand.calls(
      { at: '2026-11-19T09:00:00Z', ...twice, usage: undefined, cost: { pending: 'usage_absent' } },
      { at: '2026-11-19T09:00:01Z', ...twice, usage: { input: 30, output: 3 }, cost: { list: '2' } },
    );
    const { totals } = await readTrace(stand.door, operator, traceId);
    expect(totals).toEqual({
      calls: 1,
      tokens: 33,
      cost: [{ amount: '2', currency: 'USD' }],
      pending: { calls: 0, tokens: null },
    });
  });

  it('shows a customer its own spans of a shared trace at its own charge', async () => {
    const stand = await createQuestionStand();
    await stand.calls(
      {
        at: '2026-11-19T09:00:00Z',
        customerId: 'cus_1',
        cost: { list: '1', effective: '0.7', charge: '1.3' },
      },
      { at: '2026-11-19T09:00:01Z', customerId: 'cus_2', requestModel: 'canary', cost: { list: '777' } },
    );
    const hidden = stand.doorWith({ showProviderNames: false });
    const { spans, totals, freshness } = await readTrace(hidden, adminOf('cus_1'), traceId);
    expect(totals).toMatchObject({ calls: 1, cost: [{ amount: '1.3', currency: 'USD' }] });
    expect(spans.map(({ name, cost }) => [name, cost?.amount])).toEqual([['chat', '1.3']]);
    expect(JSON.stringify(spans)).not.toMatch(/canary|777|0\.7/);
    expect(freshness.withheld).toContain('requestModel');
  });

  it('gives the same 404 for a foreign trace and an unknown one', async () => {
    const stand = await createQuestionStand();
    await stand.calls({ at: '2026-11-19T09:00:00Z', customerId: 'cus_1', cost: { list: '1' } });
    for (const asked of [traceId, 'c'.repeat(32), 'nonsense']) {
      expect(await refusalOf(readTrace(stand.door, adminOf('cus_2'), asked))).toMatchObject({
        status: 404,
        code: 'not_found',
      });
    }
  });

  it('holds a thousand spans and the totals of all', async () => {
    const stand = await createQuestionStand();
    await stand.calls(
      ...Array.from({ length: 1005 }, (_, index) => ({
        at: new Date(Date.UTC(2026, 10, 19, 9) + index).toISOString(),
        cost: { list: '0.001' },
      })),
    );
    const { spans, truncated, totals } = await readTrace(stand.door, operator, traceId);
    expect(spans).toHaveLength(1000);
    expect(truncated).toBe(true);
    expect(totals).toMatchObject({ calls: 1005, cost: [{ amount: '1.005', currency: 'USD' }] });
  });
});
