import type { CallAnswer } from '@tallykit/protocol';
import { callAnswerShape } from '../answers/answer-shapes.ts';
import { routes } from '../routes.ts';
import type { RequestOptions, Send } from '../send.ts';

/** Single calls: where a figure comes from. */
export interface CallsResource {
  /** One call by its event id, with its cost entries and the price rows. A foreign or unknown id is a 404. */
  get(id: string, options?: RequestOptions): Promise<CallAnswer>;
}

/** The calls over one client's transport. */
export function callsResource(send: Send): CallsResource {
  return {
    get: (id, options) =>
      send({ route: routes.getCall, parameters: { id }, safe: true, answer: callAnswerShape }, options),
  };
}
