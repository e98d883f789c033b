import type { IngestAnswer, IngestRequest } from '@tallykit/protocol';
import { ingestAnswerShape } from '../answers/answer-shapes.ts';
import { routes } from '../routes.ts';
import type { RequestOptions, Send } from '../send.ts';

/**
 * Events sent by hand, for imports and tests; an application uses the tracker, which queues and repeats.
 * Needs an ingest key: `headers: { authorization: 'Bearer <key>' }`.
 */
export interface EventsResource {
  /** One batch. The answer says what became of each event that did not simply land. */
  send(request: IngestRequest, options?: RequestOptions): Promise<IngestAnswer>;
}

/** The events over one client's transport. */
export function eventsResource(send: Send): EventsResource {
  return {
    send: (body, options) =>
      send({ route: routes.sendEvents, body, safe: false, answer: ingestAnswerShape }, options),
  };
}
