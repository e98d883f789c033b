import {
  ingestProtocolVersion,
  maxEventsPerRequest,
  type IngestAnswer,
  type IngestProblem,
} from '@tallykit/protocol';
import type { IngestSource } from '../attribute-event.ts';
import type { SpanEvents } from './events-of-spans.ts';
import type { PartialSuccess } from './write-answer.ts';

/** Where spans go, and where they came from. */
export interface TraceIngestion {
  /** Takes the body of `POST /v1/events`. */
  readonly ingest: (source: IngestSource, body: unknown) => Promise<IngestAnswer>;
  readonly source: IngestSource;
  /** Unix milliseconds at which the spans were received. */
  readonly now: number;
}

// Enough to see what is wrong; a sender logs the message.
const toldReasons = 3;

function partialSuccess(problems: readonly IngestProblem[], invalid: number): PartialSuccess {
  const refused = problems.filter(({ outcome }) => outcome !== 'warning');
  const reasons = new Map<string, string>();
  if (invalid > 0) {
    reasons.set('invalid_span', 'A span has no valid trace id or span id. Send spans as an SDK makes them.');
  }
  for (const { code, detail } of refused) if (!reasons.has(code)) reasons.set(code, detail);
  const told = [...reasons].slice(0, toldReasons).map(([code, detail]) => `${code}: ${detail}`);
  return {
    rejectedSpans: new Set(refused.map(({ id, index }) => id ?? index)).size + invalid,
    errorMessage: told.join(' '),
  };
}

/**
 * Takes the events of spans on the road of all events. Resolves when they are durable, with the spans that were not taken.
 * Rejects when it is not known whether they are stored: sending them again is
 * safe.
 */
export async function ingestTraces(
  { events, invalid }: SpanEvents,
  { ingest, source, now }: TraceIngestion,
): Promise<PartialSuccess> {
  const problems: IngestProblem[] = [];
  for (let start = 0; start < events.length; start += maxEventsPerRequest) {
    const answer = await ingest(source, {
      protocol: ingestProtocolVersion,
      sentAt: new Date(now).toISOString(),
      events: events.slice(start, start + maxEventsPerRequest),
    });
    problems.push(...answer.problems);
  }
  return partialSuccess(problems, invalid);
}
