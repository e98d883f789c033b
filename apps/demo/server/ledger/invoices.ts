import type { LedgerInvoice } from '@tallykit/protocol';
import { customers } from '../helpdesk/customers.ts';

const taxPercent = 19;

function monthsBack(now: number, count: number): readonly { year: number; month: number }[] {
  const today = new Date(now);
  return Array.from({ length: count }, (_, index) => {
    const first = new Date(Date.UTC(today.getUTCFullYear(), today.getUTCMonth() - index, 1));
    return { year: first.getUTCFullYear(), month: first.getUTCMonth() };
  });
}

/** Posted subscription invoices of this month so far and of the three before, growing by 3 % a month. */
export function invoicesUntil(now: number): readonly LedgerInvoice[] {
  return monthsBack(now, 4).flatMap(({ year, month }, age) =>
    customers.flatMap((customer): LedgerInvoice[] => {
      const issued = Date.UTC(year, month, customer.invoiceDay);
      if (issued > now) return [];
      const totalExclTax = Math.round(customer.monthlyCents / 1.03 ** age);
      const period = `${year}-${String(month + 1).padStart(2, '0')}`;
      return [
        {
          id: `inv_${customer.id.slice(4)}_${period}`,
          customerId: customer.id,
          status: 'posted',
          currency: 'USD',
          totalExclTax,
          totalInclTax: totalExclTax + Math.round((totalExclTax * taxPercent) / 100),
          issueDate: new Date(issued).toISOString().slice(0, 10),
          dueDate: new Date(issued + 14 * 86_400_000).toISOString().slice(0, 10),
          paymentStatus: age === 0 ? 'unpaid' : 'paid',
          lines: [
            {
              id: `inv_${customer.id.slice(4)}_${period}_1`,
              description: 'Helpdesk subscription',
              totalExclTax,
              recurring: true,
            },
          ],
        },
      ];
    }),
  );
}
