import type { TraceAnswer } from '@tallykit/protocol';
import { traceAnswerShape } from '../answers/answer-shapes.ts';
import { routes } from '../routes.ts';
import type { RequestOptions, Send } from '../send.ts';

/** Everything that one request of the application did. */
export interface TracesResource {
  /** One trace by its W3C trace id (32 hex digits), with its spans and totals. */
  get(traceId: string, options?: RequestOptions): Promise<TraceAnswer>;
}

/** The traces over one client's transport. */
export function tracesResource(send: Send): TracesResource {
  return {
    get: (traceId, options) =>
      send(
        { route: routes.getTrace, parameters: { traceId }, safe: true, answer: traceAnswerShape },
        options,
      ),
  };
}
