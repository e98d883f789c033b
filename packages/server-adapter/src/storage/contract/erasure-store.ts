/** Erasing personal ids while money stays. */
export interface ErasureStore {
  /**
   * Appends an `erased` record for the customer to the log. The erasure consumer then removes user, conversation,
   * message and workspace ids, tags and the customer's name from raw events, rollups and presence, and replaces
   * the customer's id by a pseudonym; amounts and counts stay as they are.
   */
  eraseCustomer(
    customerId: string,
    at: number,
  ): Promise<{ readonly sequence: number; readonly events: number } | null>;
}
