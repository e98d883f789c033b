import type { EmbedSession, EmbedSessionRequest } from '@tallykit/protocol';
import { embedSessionShape } from '../answers/answer-shapes.ts';
import { routes } from '../routes.ts';
import type { RequestOptions, Send } from '../send.ts';

/** Tokens for pages of customers. For the vendor's backend, with a server key; never for a browser. */
export interface EmbedSessionsResource {
  /** Mints a token for one person of one customer. Each call makes a new one. */
  create(request: EmbedSessionRequest, options?: RequestOptions): Promise<EmbedSession>;
}

/** The embed sessions over one client's transport. */
export function embedSessionsResource(send: Send): EmbedSessionsResource {
  return {
    create: (body, options) =>
      send({ route: routes.createEmbedSession, body, safe: false, answer: embedSessionShape }, options),
  };
}
