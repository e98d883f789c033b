import type { LedgerCustomer, LedgerFlow, LedgerInvoice, ProviderLine } from '@tallykit/protocol';

/** How many rows of a batch were new or changed, and how many were there already. */
export interface PutCount {
  readonly stored: number;
  readonly unchanged: number;
}

/** What the vendor pushes. Every put is idempotent and all or nothing. */
export interface LedgerStore {
  putCustomers(customers: readonly LedgerCustomer[], at: number): Promise<PutCount>;
  /**
   * The stored parents of these customers, their parents, and so on: one row for each customer on the way that has a
   * parent, in order of id. A cycle in the data ends the walk. Unknown ids have no row.
   */
  parentLinks(
    customerIds: readonly string[],
  ): Promise<readonly { readonly id: string; readonly parentCustomerId: string }[]>;
  putInvoices(invoices: readonly LedgerInvoice[], at: number): Promise<PutCount>;
  putFlows(flows: readonly LedgerFlow[], at: number): Promise<PutCount>;
  /** Append-only: a line with a known `sourceId` and other content supersedes the former, which stays. */
  putProviderLines(lines: readonly ProviderLine[], at: number): Promise<PutCount>;
}
