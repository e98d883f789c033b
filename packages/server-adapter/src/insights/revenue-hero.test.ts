import { describe, expect, it } from 'vitest';
import { askInsight as ask } from '../testing/questions/ask-insight.ts';
import { createQuestionStand, operator } from '../testing/questions/question-stand.ts';

describe('revenue-hero', () => {
  it('adds posted invoices by day of issue and compares with as many days of the month before', async () => {
    const stand = await createQuestionStand({ timeZone: 'Europe/Berlin' });
    const invoice = {
      customerId: 'cus_1',
      status: 'posted',
      currency: 'USD',
      totalExclTax: 1000,
      totalInclTax: 1190,
    } as const;
    await stand.store.putInvoices(
      [
        { ...invoice, id: '1', issueDate: '2026-11-01' },
        {
          ...invoice,
          id: '2',
          issueDate: '2026-11-20',
          currency: 'JPY',
          totalExclTax: 500,
          totalInclTax: 500,
        },
        {
          ...invoice,
          id: '3',
          issueDate: '2026-11-20',
          currency: 'KWD',
          totalExclTax: 1234,
          totalInclTax: 1234,
        },
        { ...invoice, id: '4', issueDate: '2026-11-05', status: 'draft' },
        { ...invoice, id: '5', issueDate: '2026-11-06', status: 'void' },
        { ...invoice, id: '6', issueDate: '2026-10-20' },
        { ...invoice, id: '7', issueDate: '2026-10-21' },
        { ...invoice, id: '8', issueDate: '2026-10-31' },
      ],
      0,
    );
    const answer = await ask(stand.door, operator, 'revenue-hero');
    expect(answer).toMatchObject({
      range: { from: '2026-10-31T23:00:00.000Z', to: '2026-11-20T23:00:00.000Z', timeZone: 'Europe/Berlin' },
      invoiced: [
        { amount: '500', currency: 'JPY' },
        { amount: '1.234', currency: 'KWD' },
        { amount: '11.9', currency: 'USD' },
      ],
      invoicedExclTax: [
        { amount: '500', currency: 'JPY' },
        { amount: '1.234', currency: 'KWD' },
        { amount: '10', currency: 'USD' },
      ],
      invoices: 3,
      previous: {
        range: { from: '2026-09-30T22:00:00.000Z', to: '2026-10-20T22:00:00.000Z' },
        invoices: 1,
        invoiced: [{ amount: '11.9', currency: 'USD' }],
      },
      freshness: { cadence: 'on_write' },
    });
    expect(answer.series).toHaveLength(20);
    expect(answer.series[0]?.invoices).toBe(1);
    expect(answer.series[1]).toMatchObject({ invoiced: [], invoices: 0, open: false });
    expect(answer.series.at(-1)).toMatchObject({ invoices: 2, open: true });
  });

  it('takes another month, and compares with nothing where there was nothing', async () => {
    const { door } = await createQuestionStand();
    const answer = await ask(door, operator, 'revenue-hero', { month: '2026-02' });
    expect(answer.series).toHaveLength(28);
    expect(answer.previous).toBeNull();
  });
});
