import type { LedgerCustomer, LedgerFlow, LedgerInvoice, ProviderLine } from '@tallykit/protocol';
import type { PutCount } from '../../storage/contract/ledger-store.ts';
import type { OrganizationState } from './organization-state.ts';

// Keys in order and without the absent ones, so that equal rows are equal texts.
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(
          Object.entries(inner)
            .filter(([, part]) => part !== undefined && part !== null)
            .sort(([a], [b]) => (a < b ? -1 : 1)),
        )
      : inner,
  );
}

function putAll<Row>(
  rows: readonly Row[],
  current: (row: Row) => unknown,
  store: (row: Row) => void,
): PutCount {
  let stored = 0;
  for (const row of rows) {
    if (canonical(current(row)) === canonical(row)) continue;
    store(row);
    stored += 1;
  }
  return { stored, unchanged: rows.length - stored };
}

/** Stores customers; one that only events named is no longer a stub. */
export function putCustomers(state: OrganizationState, customers: readonly LedgerCustomer[]): PutCount {
  return putAll(
    customers,
    ({ id }) => {
      const known = state.customers.get(id);
      return known === undefined || known.stub ? undefined : known.customer;
    },
    (customer) => state.customers.set(customer.id, { customer, stub: false }),
  );
}

/** Who stands above the given customers, as rows of child and parent. */
export function parentLinks(
  state: OrganizationState,
  customerIds: readonly string[],
): { id: string; parentCustomerId: string }[] {
  const links = new Map<string, string>();
  for (let ids = [...customerIds]; ids.length > 0;) {
    const above: string[] = [];
    for (const id of ids) {
      const parent = state.customers.get(id)?.customer.parentCustomerId;
      if (parent == null || links.has(id)) continue;
      links.set(id, parent);
      above.push(parent);
    }
    ids = above;
  }
  return [...links]
    .map(([id, parentCustomerId]) => ({ id, parentCustomerId }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Stores invoices, and a stub for a customer that is not known yet. */
export function putInvoices(state: OrganizationState, invoices: readonly LedgerInvoice[]): PutCount {
  return putAll(
    invoices,
    ({ id }) => state.invoices.get(id),
    (invoice) => {
      const id = invoice.customerId;
      if (!state.customers.has(id)) state.customers.set(id, { customer: { id, name: id }, stub: true });
      state.invoices.set(invoice.id, invoice);
    },
  );
}

/** Stores flows. */
export function putFlows(state: OrganizationState, flows: readonly LedgerFlow[]): PutCount {
  return putAll(
    flows,
    ({ id }) => state.flows.get(id),
    (flow) => state.flows.set(flow.id, flow),
  );
}

const lineKey = ({ provider, sourceId }: ProviderLine): string => JSON.stringify([provider, sourceId]);

/** A line with a known id and other content takes the former's place, which is kept apart. */
export function putProviderLines(state: OrganizationState, lines: readonly ProviderLine[]): PutCount {
  return putAll(
    lines,
    (line) => state.lines.get(lineKey(line)),
    (line) => {
      const former = state.lines.get(lineKey(line));
      if (former !== undefined) state.formerLines.push(former);
      state.lines.set(lineKey(line), line);
    },
  );
}
