import { createClient } from '@tallykit/client';
import { customers } from '../helpdesk/customers.ts';
import { flows } from '../helpdesk/flows.ts';
import { sessionCookie } from '../host/personas.ts';
import { invoicesUntil } from './invoices.ts';
import { providerReports } from './provider-reports.ts';

const reportedDays = 30;

/** A client of the helpdesk's backend itself, with an operator's session. */
export function operatorClient(origin: string, endpoint: string): ReturnType<typeof createClient> {
  return createClient({ baseUrl: endpoint, headers: { cookie: `${sessionCookie}=operator`, origin } });
}

/** Tells Tallykit what the helpdesk knows by itself: customers, flows, invoices and what its providers reported. */
export async function pushLedger(origin: string, endpoint: string, now: number): Promise<void> {
  const client = operatorClient(origin, endpoint);
  await client.ledger.putCustomers(customers.map(({ id, name }) => ({ id, name, status: 'active' })));
  await client.ledger.putFlows(flows.map(({ id, name, productId }) => ({ id, name, productId })));
  await client.ledger.putInvoices(invoicesUntil(now));
  await client.providerLines.put(providerReports(now, reportedDays));
}
