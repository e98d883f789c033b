import type { LedgerCustomer, LedgerFlow, LedgerInvoice, PutAnswer } from '@tallykit/protocol';
import { putAnswerShape } from '../answers/answer-shapes.ts';
import { routes } from '../routes.ts';
import type { RequestOptions, Send } from '../send.ts';

/** What the vendor knows and Tallykit cannot: its customers, invoices and flows. Storing a row twice changes nothing. */
export interface LedgerResource {
  /** At most 2,000 customers at a time. */
  putCustomers(customers: readonly LedgerCustomer[], options?: RequestOptions): Promise<PutAnswer>;
  /** At most 2,000 invoices at a time; amounts in minor units. */
  putInvoices(invoices: readonly LedgerInvoice[], options?: RequestOptions): Promise<PutAnswer>;
  /** At most 2,000 flows at a time. */
  putFlows(flows: readonly LedgerFlow[], options?: RequestOptions): Promise<PutAnswer>;
}

/** The ledger over one client's transport. */
export function ledgerResource(send: Send): LedgerResource {
  const put = { safe: false, answer: putAnswerShape } as const;
  return {
    putCustomers: (customers, options) =>
      send({ ...put, route: routes.putCustomers, body: { customers } }, options),
    putInvoices: (invoices, options) =>
      send({ ...put, route: routes.putInvoices, body: { invoices } }, options),
    putFlows: (flows, options) => send({ ...put, route: routes.putFlows, body: { flows } }, options),
  };
}
