import { insightIds, type Principal } from '@tallykit/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { askInsight as ask } from '../testing/questions/ask-insight.ts';
import { adminOf, createQuestionStand, operator, refusalOf } from '../testing/questions/question-stand.ts';
import { answerInsight } from './answer-insight.ts';

const costs = { list: '1', effective: '0.7', charge: '1.3' };
const day = (number: number, hour = 9) => new Date(Date.UTC(2026, 10, number, hour)).toISOString();

describe('parameters', () => {
  it.each([
    ['token-spend', 'from=yesterday', 'from'],
    ['token-spend', 'to=2026-11-31T00:00:00Z', 'to'],
    ['token-spend', 'from=2026-11-02T00:00:00Z&to=2026-11-01T00:00:00Z', 'from'],
    ['token-spend', 'from=2027-01-01T00:00:00Z', 'from'],
    ['token-spend', 'to=9999-12-31T23:59:59Z', 'to'],
    ['token-spend', 'from=1066-10-14T00:00:00Z', 'from'],
    ['token-spend', 'month=9999-12', 'month'],
    ['token-spend', 'environment=%00', 'environment'],
    ['usage-over-time', 'filter=flow:eq:%00', 'filter'],
    ['usage-over-time', 'filter=flow:eq:', 'filter'],
    ['token-spend', 'timeZone=Mars/Olympus', 'timeZone'],
    ['token-spend', 'timeZone=%2B02:00', 'timeZone'],
    ['token-spend', 'month=2026-13', 'month'],
    ['token-spend', 'month=2026-11&from=2026-11-01T00:00:00Z', 'month'],
    ['token-spend', 'environment=', 'environment'],
    ['token-spend', 'grain=day', 'grain'],
    ['token-spend', 'customerId=a&customerId=b', 'customerId'],
    ['usage-over-time', 'grain=minute', 'grain'],
    ['usage-over-time', 'groupBy=user', 'groupBy'],
    ['usage-over-time', 'top=0', 'top'],
    ['usage-over-time', 'top=21', 'top'],
    ['usage-over-time', 'top=1e1', 'top'],
    ['usage-over-time', 'orderBy=price', 'orderBy'],
    ['usage-over-time', 'filter=flow', 'filter'],
    ['usage-over-time', 'filter=flow:like:x', 'filter'],
    ['usage-over-time', 'filter=user:eq:x', 'filter'],
    ['usage-over-time', 'sql=1', 'sql'],
    ['revenue-hero', 'environment=production', 'environment'],
    ['reconciliation-status', 'top=3', 'top'],
  ])('%s?%s is a 400 that names the parameter', async (id, query, parameter) => {
    const { door } = await createQuestionStand();
    const error = await answerInsight(door, operator, id, new URLSearchParams(query)).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({ status: 400, code: 'invalid_parameter' });
    expect((error as { errors: { pointer: string }[] }).errors.map(({ pointer }) => pointer)).toContain(
      parameter,
    );
  });

  it('tells all that is wrong at once', async () => {
    const { door } = await createQuestionStand();
    const refused = await refusalOf(
      answerInsight(door, operator, 'usage-over-time', new URLSearchParams('grain=x&top=x&colour=red')),
    );
    for (const name of ['grain', 'top', 'colour']) expect(refused.text).toContain(name);
  });

  it('knows no insight by another id', async () => {
    const { door } = await createQuestionStand();
    for (const id of ['nope', 'constructor', 'token_spend']) {
      expect(await refusalOf(answerInsight(door, operator, id, new URLSearchParams()))).toMatchObject({
        status: 404,
        code: 'insight_not_found',
      });
    }
  });
});

describe('every insight', () => {
  it('answers in its shape when nothing was ever recorded', async () => {
    const { door } = await createQuestionStand({ timeZone: 'Australia/Lord_Howe' });
    for (const id of insightIds) {
      const answer = await ask(door, operator, id);
      expect(answer.freshness).toMatchObject({ engine: 'reference', pending: { calls: 0, tokens: null } });
    }
  });

  it('denies members, foreign customers and unknown ones', async () => {
    const { door } = await createQuestionStand();
    const member: Principal = { ...adminOf('cus_1'), role: 'customer_member' };
    for (const id of [...insightIds, 'unknown']) {
      const by = (principal: Principal, query = '') =>
        refusalOf(answerInsight(door, principal, id, new URLSearchParams(query)));
      expect(await by(member, 'from=nonsense')).toMatchObject({ status: 403, code: 'role_denied' });
      expect(await by(adminOf('cus_1'), 'customerId=cus_2')).toMatchObject({
        status: 403,
        code: 'customer_not_allowed',
      });
      expect(await by(adminOf('cus_1'), 'asCustomer=nobody')).toMatchObject({
        status: 403,
        code: 'customer_not_allowed',
      });
    }
  });

  it('refuses a customer id that can be none', async () => {
    const { door } = await createQuestionStand();
    const wrong: readonly Record<string, string>[] = [
      { customerId: '\u0000' },
      { asCustomer: 'x'.repeat(201) },
    ];
    for (const parameters of wrong) {
      expect(
        await refusalOf(answerInsight(door, operator, 'token-spend', new URLSearchParams(parameters))),
      ).toMatchObject({ status: 400, code: 'invalid_customer' });
    }
  });

  it('narrows an operator by customerId in scope alone, and by asCustomer in visibility as well', async () => {
    const stand = await createQuestionStand();
    await stand.calls(
      { at: day(19), customerId: 'cus_1', cost: costs },
      { at: day(19), customerId: 'cus_2', cost: { list: '777' } },
    );
    const byId = await ask(stand.door, operator, 'token-spend', { customerId: 'cus_1' });
    expect(byId).toMatchObject({ calls: 1, basis: 'effective', spend: [{ amount: '0.7', currency: 'USD' }] });
    const as = await ask(stand.door, operator, 'token-spend', { asCustomer: 'cus_1' });
    expect(as).toEqual(await ask(stand.door, adminOf('cus_1'), 'token-spend'));
    expect(as).toMatchObject({ basis: 'charge', spend: [{ amount: '1.3', currency: 'USD' }] });
    expect(as.amounts).toBeUndefined();
    expect(as.freshness.withheld).toEqual(['list_cost', 'effective_cost']);
  });

  it('shows a customer nothing that another customer did, whatever is asked', async () => {
    const alone = await createQuestionStand({ timeZone: 'Europe/Berlin' });
    const crowded = await createQuestionStand({ timeZone: 'Europe/Berlin' });
    const own = [
      { at: day(18), customerId: 'cus_1', flow: 'mine', cost: costs },
      { at: day(19), customerId: 'cus_1', cost: { pending: 'no_price' } },
    ];
    const invoice = { status: 'posted', currency: 'USD', issueDate: '2026-11-03' } as const;
    const invoices = [
      { ...invoice, id: 'i1', customerId: 'cus_1', totalExclTax: 1000, totalInclTax: 1190 },
      { ...invoice, id: 'i2', customerId: 'cus_2', totalExclTax: 77700, totalInclTax: 77700 },
    ];
    await alone.calls(...own);
    await crowded.calls(
      ...own,
      { at: day(19), customerId: 'cus_2', flow: 'canary', requestModel: 'canary', cost: { list: '777' } },
      { at: day(10), productId: 'canary', provider: 'canary', cost: { list: '777', currency: 'EUR' } },
    );
    await alone.store.putInvoices(invoices.slice(0, 1), 0);
    await crowded.store.putInvoices(invoices, 0);
    const asked = fc.record({
      id: fc.constantFrom(...insightIds),
      groupBy: fc.constantFrom('none', 'model', 'provider', 'product', 'flow', 'configuration', 'customer'),
      grain: fc.constantFrom('hour', 'day', 'week', 'month'),
      orderBy: fc.constantFrom('cost', 'tokens', 'calls'),
      timeZone: fc.constantFrom('UTC', 'Asia/Kathmandu', 'America/New_York'),
      month: fc.constantFrom('2026-10', '2026-11', undefined),
      names: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(asked, async ({ id, names, groupBy, grain, orderBy, timeZone, month }) => {
        const parameters = new URLSearchParams({ timeZone, ...(month === undefined ? {} : { month }) });
        if (id === 'usage-over-time') {
          for (const [name, value] of Object.entries({ groupBy, grain, orderBy }))
            parameters.set(name, value);
        }
        const answers = await Promise.all(
          [alone, crowded].map(({ doorWith }) =>
            ask(doorWith({ showProviderNames: names }), adminOf('cus_1'), id, parameters).catch(
              (error: { code?: unknown }) => ({ refused: error.code ?? error }),
            ),
          ),
        );
        expect(answers[1]).toEqual(answers[0]);
        expect(JSON.stringify(answers[1])).not.toMatch(/canary|777|"0\.7"/);
      }),
      { numRuns: 120 },
    );
  });
});
