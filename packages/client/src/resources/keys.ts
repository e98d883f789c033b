import type { ApiKeyCreated, ApiKeyInput, ApiKeysAnswer } from '@tallykit/protocol';
import { apiKeyCreatedShape, apiKeysAnswerShape } from '../answers/answer-shapes.ts';
import { routes } from '../routes.ts';
import type { RequestOptions, Send } from '../send.ts';

/** API keys of the organization. Operators only. */
export interface KeysResource {
  /** Active and revoked keys, oldest first, without their secrets. */
  list(options?: RequestOptions): Promise<ApiKeysAnswer>;
  /** Makes a key. Its secret is in this answer and can never be read again. */
  create(key: ApiKeyInput, options?: RequestOptions): Promise<ApiKeyCreated>;
  /** Ends a key at once. */
  revoke(id: string, options?: RequestOptions): Promise<void>;
}

/** The API keys over one client's transport. */
export function keysResource(send: Send): KeysResource {
  return {
    list: (options) => send({ route: routes.listKeys, safe: true, answer: apiKeysAnswerShape }, options),
    create: (body, options) =>
      send({ route: routes.createKey, body, safe: false, answer: apiKeyCreatedShape }, options),
    revoke: (id, options) =>
      send({ route: routes.revokeKey, parameters: { id }, safe: false, answer: 'nothing' }, options),
  };
}
