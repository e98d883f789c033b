import { ingestProtocolVersion, maxEventsPerRequest } from '@tallykit/protocol';
import { problemError, type ProblemError } from '../http/problem-error.ts';

/** The request speaks a protocol that this server does not. */
export function unsupportedProtocol(): ProblemError {
  return problemError({
    status: 400,
    code: 'unsupported_protocol',
    title: 'Unsupported protocol',
    detail: `The request speaks another version of the ingest protocol than ${ingestProtocolVersion}, so nothing was stored. Upgrade the tracker or the server so that both speak the same.`,
    errors: [{ pointer: '/protocol', detail: `Expected ${ingestProtocolVersion}.` }],
  });
}

/** The request holds more events than one may. */
export function tooManyEvents(): ProblemError {
  return problemError({
    status: 413,
    code: 'too_many_events',
    title: 'Too many events',
    detail: `The request holds more than ${maxEventsPerRequest} events, so nothing was stored. Send them in several requests.`,
    errors: [{ pointer: '/events', detail: `Must be at most ${maxEventsPerRequest} entries.` }],
  });
}

/** So much waits to be written already that taking more would only make it wait longer. */
export function ingestionBusy(): ProblemError {
  return problemError({
    status: 503,
    code: 'ingestion_busy',
    title: 'Ingestion is busy',
    detail:
      'More events are waiting to be written than the server holds, so none of this request was stored. Send it again after a moment; repeated events are counted once.',
    headers: { 'retry-after': '1' },
  });
}

/** The server is on its way out. */
export function ingestionClosed(): ProblemError {
  return problemError({
    status: 503,
    code: 'ingestion_closed',
    title: 'Ingestion is closed',
    detail:
      'The server is shutting down, so none of this request was stored. Send it again to a running server; repeated events are counted once.',
    headers: { 'retry-after': '2' },
  });
}
