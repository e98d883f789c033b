import { routes } from '../routes.ts';
import type { AnswerSchema } from '../check-answer.ts';
import type { RequestOptions, Send } from '../send.ts';

/** A JSON object whose fields are the server's own business. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** The server itself. */
export interface ServerResource {
  /** Whether the process answers at all. */
  health(options?: RequestOptions): Promise<JsonObject>;
  /** Whether it can serve: a `ProblemError` with status 503 when it cannot. */
  readiness(options?: RequestOptions): Promise<JsonObject>;
  /** Its OpenAPI document. */
  openApi(options?: RequestOptions): Promise<JsonObject>;
}

const anyObject: AnswerSchema = {
  '~standard': {
    validate: (value) =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? {}
        : { issues: [{ message: 'a JSON object was expected.' }] },
  },
};

/** The server's own routes over one client's transport. */
export function serverResource(send: Send): ServerResource {
  const ask = { safe: true, answer: anyObject } as const;
  return {
    health: (options) => send({ ...ask, route: routes.getHealth }, options),
    readiness: (options) => send({ ...ask, route: routes.getReadiness }, options),
    openApi: (options) => send({ ...ask, route: routes.getOpenApi }, options),
  };
}
