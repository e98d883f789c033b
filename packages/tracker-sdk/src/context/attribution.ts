import type { EventAttribution } from '@tallykit/protocol';

/**
 * Who and what the calls inside a run belong to. Every part is optional.
 *
 * @example
 * const attribution: Attribution = { customerId: 'cus_42', flow: 'triage', tags: { region: 'eu' } };
 */
export type Attribution = EventAttribution;

const attributionKeys =
  'customerId userId productId flow configuration conversationId messageId channel workspaceId environment'.split(
    ' ',
  ) as Exclude<keyof Attribution, 'tags'>[];

/**
 * The attribution of a nested run: what the inner one states wins, what it leaves out is inherited, tags are joined.
 * Only known keys are taken, so nothing else that sits on the caller's object can leave the host.
 */
export function mergeAttribution(outer: Attribution, inner: Attribution): Attribution {
  const merged: { -readonly [Key in keyof Attribution]: Attribution[Key] } = {};
  for (const key of attributionKeys) {
    const value = inner[key] ?? outer[key];
    // Ids often arrive as numbers from a database; the wire knows text only.
    if (value != null && value !== '') merged[key] = String(value);
  }
  if (inner.tags || outer.tags) {
    const tags: Record<string, string> = {};
    for (const [key, value] of Object.entries({ ...outer.tags, ...inner.tags }))
      if (value != null) tags[key] = String(value);
    merged.tags = tags;
  }
  return merged;
}
