import type { EventAttribution } from '@tallykit/protocol';

/**
 * Who and what the calls inside a run belong to. Every part is optional.
 *
 * @example
 * const attribution: Attribution = { customerId: 'cus_42', flow: 'triage', tags: { region: 'eu' } };
 */
export type Attribution = EventAttribution;

const attributionKeys: readonly (keyof Attribution)[] = [
  'customerId',
  'userId',
  'productId',
  'flow',
  'configuration',
  'conversationId',
  'messageId',
  'channel',
  'workspaceId',
  'environment',
];

/**
 * The attribution of a nested run: what the inner one states wins, what it leaves out is inherited, tags are joined.
 * Only known keys are taken, so nothing else that sits on the caller's object can leave the host.
 */
export function mergeAttribution(outer: Attribution, inner: Attribution): Attribution {
  const merged: { -readonly [Key in keyof Attribution]: Attribution[Key] } = {};
  for (const key of attributionKeys) {
    const value = inner[key] ?? outer[key];
    // Ids often arrive as numbers from a database; the wire knows text only.
    if (value !== undefined && value !== '') (merged as Record<string, string>)[key] = String(value);
  }
  const tags = inner.tags && outer.tags ? { ...outer.tags, ...inner.tags } : (inner.tags ?? outer.tags);
  if (tags) merged.tags = tags;
  return merged;
}
