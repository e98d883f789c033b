import type { UsageEvent } from '@tallykit/protocol';

/** Where a request came from, as the server knows it; nothing in the request can change it. */
export interface IngestSource {
  readonly organizationId: string;
  /** The key it came with, or null in process. */
  readonly keyId: string | null;
  /** The customer that the key is bound to, or null for a key that may send for any. */
  readonly customerId: string | null;
}

/**
 * Gives an event the customer of the key that it came with; null when it names another one.
 *
 * @example
 * const attributed = attributeEvent(event, source);
 */
export function attributeEvent(event: UsageEvent, source: IngestSource): UsageEvent | null {
  if (source.customerId === null || event.customerId === source.customerId) return event;
  return event.customerId === undefined ? { ...event, customerId: source.customerId } : null;
}
