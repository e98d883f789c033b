import { callAnswerSchema, type Principal } from '@tallykit/protocol';
import { describe, expect, it } from 'vitest';
import { adminOf, createQuestionStand, operator, refusalOf } from '../testing/questions/question-stand.ts';
import { explainCall } from './explain-call.ts';

const costs = { list: '1', effective: '0.7', charge: '1.3' };
const secrets = {
  responseId: 'canary_response',
  rawUsage: { prompt_tokens: 80 },
  statedCost: { amount: '0.68', currency: 'USD' },
  providerIds: { projectId: 'canary_project', keyId: 'canary_key', requestId: 'canary_request' },
};

async function oneCall() {
  const stand = await createQuestionStand();
  const [id = ''] = await stand.calls({
    at: '2026-11-19T09:00:00Z',
    customerId: 'cus_1',
    flow: 'triage',
    responseModel: 'gpt-4o-mini-2024-07-18',
    cost: costs,
    ...secrets,
  });
  await stand.store.putCustomers([{ id: 'cus_1', name: 'One' }], 0);
  await stand.store.putPrices(
    [
      {
        id: 'p1',
        source: 'override',
        provider: 'openai',
        model: 'gpt-4o-mini',
        match: 'exact',
        rule: null,
        empty: false,
        currency: 'USD',
        validFrom: null,
        validTo: null,
        serviceTier: null,
        batch: null,
        region: null,
        windowOfDay: null,
        rates: [{ bucket: 'input', amount: '0.15', per: 1_000_000 }],
        tierMode: 'cliff',
        tiers: [],
        appliesTo: 'both',
      },
    ],
    0,
  );
  return { stand, id };
}

describe('explainCall', () => {
  it('shows an operator the call, its entries and the price rows that they name', async () => {
    const { stand, id } = await oneCall();
    const answer = await explainCall(stand.door, operator, id);
    expect(callAnswerSchema.safeParse(answer).success).toBe(true);
    expect(answer.call).toMatchObject({
      startedAt: '2026-11-19T09:00:00.000Z',
      customerName: 'One',
      requestModel: 'gpt-4o-mini',
      usage: { input: 80, output: 20 },
      ...secrets,
    });
    expect(answer.cost).toEqual({
      state: 'priced',
      reason: null,
      charge: { amount: '1.3', currency: 'USD' },
      list: { amount: '1', currency: 'USD' },
      effective: { amount: '0.7', currency: 'USD' },
    });
    expect(answer.entries).toHaveLength(1);
    expect(answer.prices?.map((price) => price.id)).toEqual(['p1']);
    expect(Object.keys(answer.prices?.[0] ?? {})).not.toContain('rule');
  });

  it('shows a customer its call and its charge, and nothing that tells the cost of the vendor', async () => {
    const { stand, id } = await oneCall();
    const answer = await explainCall(stand.door, adminOf('cus_1'), id);
    const text = JSON.stringify(answer);
    for (const canary of ['canary', '0.7', '0.68', '"p1"', 'list"', 'prompt_tokens']) {
      expect(text.replace(JSON.stringify(answer.freshness.withheld), '')).not.toContain(canary);
    }
    expect(answer.cost).toEqual({
      state: 'priced',
      reason: null,
      charge: { amount: '1.3', currency: 'USD' },
    });
    expect(answer.prices).toBeUndefined();
    expect(answer.freshness.withheld).toEqual(
      expect.arrayContaining(['providerIds', 'responseId', 'list', 'effective', 'lines', 'prices']),
    );
  });

  it('hides names of providers and models from customers when the host says so', async () => {
    const { stand, id } = await oneCall();
    const { call, freshness } = await explainCall(
      stand.doorWith({ showProviderNames: false }),
      adminOf('cus_1'),
      id,
    );
    expect(call).toMatchObject({ provider: null, requestModel: null, responseModel: null });
    expect(freshness.withheld).toContain('requestModel');
    expect(JSON.stringify(call)).not.toContain('gpt');
  });

  it('gives the same 404 for what does not exist, what is no call and what is foreign', async () => {
    const { stand, id } = await oneCall();
    const [signal = ''] = await stand.events({
      at: '2026-11-19T09:00:00Z',
      event: (eventId) => ({ kind: 'signal', id: eventId, traceId: 'b'.repeat(32), name: 'done' }),
    });
    const ask = (principal: Principal, asked: string) => refusalOf(explainCall(stand.door, principal, asked));
    const unknown = await ask(operator, '019aa0b1-0000-7000-8000-000000000000');
    expect(unknown).toMatchObject({ status: 404, code: 'not_found' });
    const foreign = await ask(adminOf('cus_2'), id);
    const stackless = ({ text, ...rest }: typeof foreign) => ({
      ...rest,
      detail: JSON.parse(text).detail as string,
    });
    expect(stackless(foreign)).toEqual(stackless(unknown));
    expect(await ask(operator, signal)).toMatchObject({ status: 404 });
    expect(await ask(operator, "x' OR 1=1")).toMatchObject({ status: 404 });
  });

  it('keeps the whole history of a re-priced call', async () => {
    const stand = await createQuestionStand();
    const [id = ''] = await stand.calls({ at: '2026-11-19T09:00:00Z', cost: { pending: 'no_price' } });
    const waiting = await explainCall(stand.door, operator, id);
    expect(waiting.cost).toMatchObject({ state: 'pending', reason: 'no_price', charge: null });
    expect(waiting.freshness.pending).toEqual({ calls: 1, tokens: 100 });
    await stand.reprice(id, { pending: 'no_price' }, { list: '2' });
    await stand.reprice(id, { list: '2' }, { list: '1.5' });
    const { entries, cost, freshness } = await explainCall(stand.door, operator, id);
    expect(entries.map(({ kind, list }) => [kind, list])).toEqual([
      ['pending', null],
      ['priced', '2'],
      ['reversed', '-2'],
      ['priced', '1.5'],
    ]);
    expect(cost.list).toEqual({ amount: '1.5', currency: 'USD' });
    expect(freshness.pending).toEqual({ calls: 0, tokens: null });
  });

  it('names the call that counts instead only to whom may see that one', async () => {
    const stand = await createQuestionStand();
    const twice = { at: '2026-11-19T09:00:00Z', responseId: 'r1', cost: costs };
    const [first = '', second = ''] = await stand.calls(
      { ...twice, customerId: 'cus_2' },
      { ...twice, customerId: 'cus_1' },
    );
    const seen = await explainCall(stand.door, operator, second);
    expect(seen).toMatchObject({
      call: { supersededBy: first },
      cost: { state: 'not_counted', charge: null },
    });
    const own = await explainCall(stand.door, adminOf('cus_1'), second);
    expect(own).toMatchObject({ call: { supersededBy: null }, cost: { state: 'not_counted' } });
    expect(JSON.stringify(own)).not.toContain(first);
  });
});
