import { describe, expect, it } from 'vitest';
import { createQuestionStand, refusalOf } from '../testing/questions/question-stand.ts';
import { eraseCustomer } from './erase-customer.ts';
import { putCustomers } from './put-customers.ts';
import { putFlows } from './put-flows.ts';
import { putInvoices } from './put-invoices.ts';

async function put() {
  const { store, clock, calls } = await createQuestionStand();
  return {
    store,
    calls,
    customers: (...customers: readonly unknown[]) => putCustomers(store, { customers }, clock),
    invoices: (...invoices: readonly unknown[]) => putInvoices(store, { invoices }, clock),
    flows: (...flows: readonly unknown[]) => putFlows(store, { flows }, clock),
    erase: (id: string) => eraseCustomer(store, id, clock),
    anything: (body: unknown) => putCustomers(store, body, clock),
  };
}

async function pointersOf(refused: Promise<unknown>): Promise<readonly string[]> {
  const error = await refused.catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ status: 400 });
  const { errors } = error as { errors: { pointer: string }[] };
  return [...new Set(errors.map(({ pointer }) => pointer))];
}

const invoice = {
  id: 'in_1',
  customerId: 'cus_1',
  status: 'posted',
  currency: 'USD',
  totalExclTax: 1000,
  totalInclTax: 1190,
  issueDate: '2026-11-03',
};

describe('every put', () => {
  it('changes nothing the second time', async () => {
    const { customers, invoices, flows } = await put();
    const one = { id: 'cus_1', name: 'One' };
    expect(await customers(one, { id: 'cus_2', name: 'Two' })).toEqual({ stored: 2, unchanged: 0 });
    expect(await customers(one, { id: 'cus_2', name: 'Deux' })).toEqual({ stored: 1, unchanged: 1 });
    expect(await invoices(invoice)).toEqual({ stored: 1, unchanged: 0 });
    expect(await invoices(invoice)).toEqual({ stored: 0, unchanged: 1 });
    expect(await flows({ id: 'f', name: 'Flow', steps: ['a', 'b'] })).toEqual({ stored: 1, unchanged: 0 });
    expect(await flows({ id: 'f', name: 'Flow', steps: ['a', 'b'] })).toEqual({ stored: 0, unchanged: 1 });
  });

  it('stores nothing of a batch with one wrong row', async () => {
    const { customers } = await put();
    const wrong = customers({ id: 'cus_1', name: 'One' }, { id: 'cus_2', name: 'Two', secret: 'x' });
    expect(await pointersOf(wrong)).toEqual(['/customers/1/secret']);
    expect(await customers({ id: 'cus_1', name: 'One' })).toEqual({ stored: 1, unchanged: 0 });
  });

  it.each([null, 'text', [], {}, { customers: [] }, { customers: {} }, { customers: [], more: 1 }])(
    'refuses the body %j',
    async (body) => {
      const { anything } = await put();
      expect(await refusalOf(anything(body))).toMatchObject({ status: 400, code: 'invalid_request' });
    },
  );

  it('refuses an id that stands in the batch twice', async () => {
    const { customers, invoices, flows } = await put();
    expect(await pointersOf(customers({ id: 'a', name: 'A' }, { id: 'a', name: 'B' }))).toEqual([
      '/customers/1/id',
    ]);
    expect(await pointersOf(invoices(invoice, invoice))).toEqual(['/invoices/1/id']);
    expect(await pointersOf(flows({ id: 'f', name: 'F' }, { id: 'f', name: 'F' }))).toEqual(['/flows/1/id']);
  });
});

describe('customers', () => {
  it('are never below themselves within a batch', async () => {
    const { customers } = await put();
    expect(await pointersOf(customers({ id: 'a', name: 'A', parentCustomerId: 'a' }))).toEqual([
      '/customers/0/parentCustomerId',
    ]);
    const circle = customers(
      { id: 'a', name: 'A', parentCustomerId: 'b' },
      { id: 'b', name: 'B', parentCustomerId: 'c' },
      { id: 'c', name: 'C', parentCustomerId: 'a' },
      { id: 'd', name: 'D', parentCustomerId: 'a' },
    );
    expect(await pointersOf(circle)).toHaveLength(3);
  });

  it('are never below themselves through what is stored', async () => {
    const { customers } = await put();
    await customers(
      { id: 'b', name: 'B', parentCustomerId: 'c' },
      { id: 'c', name: 'C', parentCustomerId: 'd' },
    );
    expect(await pointersOf(customers({ id: 'd', name: 'D', parentCustomerId: 'b' }))).toEqual([
      '/customers/0/parentCustomerId',
    ]);
    const turned = customers(
      { id: 'd', name: 'D', parentCustomerId: 'b' },
      { id: 'c', name: 'C', parentCustomerId: null },
    );
    expect(await turned).toEqual({ stored: 2, unchanged: 0 });
  });

  it('may have a parent that is not known yet', async () => {
    const { customers } = await put();
    expect(await customers({ id: 'a', name: 'A', parentCustomerId: 'later' })).toMatchObject({ stored: 1 });
  });
});

describe('invoices', () => {
  it.each([
    ['an amount that is no whole minor unit', { totalInclTax: 11.9 }, '/invoices/0/totalInclTax'],
    ['a currency that does not exist', { currency: 'ZZZ' }, '/invoices/0/currency'],
    ['a currency in small letters', { currency: 'usd' }, '/invoices/0/currency'],
    ['a day that no calendar has', { issueDate: '2026-02-30' }, '/invoices/0/issueDate'],
    ['a due date before the day of issue', { dueDate: '2026-11-02' }, '/invoices/0/dueDate'],
    ['totals of opposite signs', { totalExclTax: -1000 }, '/invoices/0/totalInclTax'],
    [
      'a line twice',
      {
        lines: [
          { id: 'l', totalExclTax: 1 },
          { id: 'l', totalExclTax: 1 },
        ],
      },
      '/invoices/0/lines/1/id',
    ],
    [
      'a period that ends before it begins',
      { lines: [{ id: 'l', totalExclTax: 1, periodFrom: '2026-11-02', periodTo: '2026-11-01' }] },
      '/invoices/0/lines/0/periodTo',
    ],
    ['an amount beyond exact numbers', { totalInclTax: 2 ** 53 }, '/invoices/0/totalInclTax'],
  ])('refuse %s', async (_name, change, pointer) => {
    const { invoices } = await put();
    expect(await pointersOf(invoices({ ...invoice, ...change }))).toEqual([pointer]);
  });

  it('take currencies without and with three places, and credit notes', async () => {
    const { invoices } = await put();
    const stored = await invoices(
      { ...invoice, id: '1', currency: 'JPY' },
      { ...invoice, id: '2', currency: 'KWD' },
      { ...invoice, id: '3', totalExclTax: -1000, totalInclTax: -1190 },
    );
    expect(stored).toEqual({ stored: 3, unchanged: 0 });
  });
});

describe('flows', () => {
  it('refuse a step that is named twice', async () => {
    const { flows } = await put();
    expect(await pointersOf(flows({ id: 'f', name: 'F', steps: ['a', 'b', 'a'] }))).toEqual([
      '/flows/0/steps/2',
    ]);
  });
});

describe('erase', () => {
  it('answers when the request is durable, and with 404 for a customer that nothing names', async () => {
    const { erase, calls } = await put();
    await calls({ at: '2026-11-19T09:00:00Z', customerId: 'cus_1', cost: { list: '1' } });
    expect(await erase('cus_1')).toMatchObject({
      customerId: 'cus_1',
      events: 1,
      requestedAt: '2026-11-20T10:42:00.000Z',
    });
    expect(await refusalOf(erase('nobody'))).toMatchObject({ status: 404, code: 'customer_not_found' });
  });
});
