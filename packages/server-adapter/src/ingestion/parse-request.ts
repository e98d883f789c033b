import { ingestEnvelopeSchema, ingestProtocolVersion, maxEventsPerRequest } from '@tallykit/protocol';
import { invalidRequest } from '../http/invalid-request.ts';
import type { ReportedLoss } from '../storage/contract/append.ts';
import { tooManyEvents, unsupportedProtocol } from './ingest-problems.ts';

/** A request whose outside is right; its events are read one by one. */
export interface IngestEnvelope {
  readonly events: readonly unknown[];
  readonly losses: readonly ReportedLoss[];
}

/**
 * Checks the outside of an ingest request. Throws a problem when nothing of it can be stored.
 *
 * @example
 * const { events, losses } = parseRequest(body);
 */
export function parseRequest(body: unknown): IngestEnvelope {
  if (typeof body === 'object' && body !== null) {
    if ('protocol' in body && body.protocol !== ingestProtocolVersion) throw unsupportedProtocol();
    if ('events' in body && Array.isArray(body.events) && body.events.length > maxEventsPerRequest) {
      throw tooManyEvents();
    }
  }
  const parsed = ingestEnvelopeSchema.safeParse(body);
  if (!parsed.success) throw invalidRequest(parsed.error);
  return { events: parsed.data.events, losses: parsed.data.losses ?? [] };
}
