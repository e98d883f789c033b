import type { IngestAnswer, IngestRequest, LlmCallEvent } from '@tallykit/protocol';
import { planDay } from './plan-day.ts';
import { plannedEvent } from './planned-event.ts';

const dayMs = 86_400_000;
const eventsPerRequest = 1000;

/** The events of the `days` days before `now`, and of today up to it, oldest first. */
export function historyEvents(now: number, days: number): readonly LlmCallEvent[] {
  const today = Math.floor(now / dayMs) * dayMs;
  return Array.from({ length: days + 1 }, (_, index) => planDay(today - (days - index) * dayMs))
    .flat()
    .filter((call) => call.startedAt < now - 60_000)
    .map(plannedEvent);
}

/** Sends the history through the same door as live calls. A history that is there already counts nothing twice. */
export async function fillHistory(options: {
  readonly now: number;
  readonly days: number;
  readonly ingest: (request: IngestRequest) => Promise<IngestAnswer>;
  readonly onProgress: (sent: number, total: number) => void;
}): Promise<{ readonly accepted: number; readonly duplicates: number }> {
  const events = historyEvents(options.now, options.days);
  let accepted = 0;
  let duplicates = 0;
  for (let from = 0; from < events.length; from += eventsPerRequest) {
    const batch = events.slice(from, from + eventsPerRequest);
    const answer = await options.ingest({
      protocol: 1,
      sentAt: new Date(options.now).toISOString(),
      events: batch,
    });
    const refused = answer.problems.filter((problem) => problem.outcome !== 'warning');
    if (refused.length > 0)
      throw new Error(`The history was refused: ${refused[0]?.code} ${refused[0]?.detail}`);
    accepted += answer.accepted;
    duplicates += answer.duplicates;
    options.onProgress(from + batch.length, events.length);
  }
  return { accepted, duplicates };
}
