import { timeOfUuidV7 } from '../primitives/uuid-v7.ts';

const minute = 60_000;
const day = 86_400_000;

/** A sender's clock may be ahead by this much without anybody noticing. */
export const clockSlackMs = 5 * minute;
/** An event from further ahead than this is refused. */
export const furthestAheadMs = day;

/** When an event happened, as far as it can be believed. */
export type EventTime =
  | { readonly accepted: true; readonly occurredAt: number; readonly clockAhead: boolean }
  | { readonly accepted: false; readonly side: 'past' | 'future' };

/**
 * Places an event in time. Its id's milliseconds are its start. From more than five minutes ahead it is counted at its
 * receipt; from more than a day ahead, or from before raw events are kept, it is refused.
 *
 * @example
 * const time = eventTime(event.id, { now: clock.now(), retentionDays: 90 });
 */
export function eventTime(
  id: string,
  { now, retentionDays }: { readonly now: number; readonly retentionDays: number },
): EventTime {
  const start = timeOfUuidV7(id);
  if (start < now - retentionDays * day) return { accepted: false, side: 'past' };
  if (start > now + furthestAheadMs) return { accepted: false, side: 'future' };
  const clockAhead = start > now + clockSlackMs;
  return { accepted: true, occurredAt: clockAhead ? now : start, clockAhead };
}
