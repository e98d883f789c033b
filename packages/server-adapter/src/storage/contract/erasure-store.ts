/** Erasing personal ids while money stays. */
export interface ErasureStore {
  /**
   * Appends an `erased` record for the customer to the log; null when there is no such customer. When the sums reach the
   * record, user and workspace ids and tags are removed from the customer's events up to it, conversation and message
   * ids are replaced by random ones (so that distinct counts stay), the customer's name goes, and its id becomes a
   * pseudonym in raw events, rollups, presence, invoices and provider lines; amounts and counts stay as they are. Events
   * that come later under the old id are a new customer's.
   */
  eraseCustomer(
    customerId: string,
    at: number,
  ): Promise<{ readonly sequence: number; readonly events: number } | null>;
}
