import type { DevClockAnswer, HealthAnswer, ReadyAnswer } from '@tallykit/protocol';
import { devClockAnswerShape, healthAnswerShape, readyAnswerShape } from '../answers/answer-shapes.ts';
import { routes } from '../routes.ts';
import type { RequestOptions, Send } from '../send.ts';

/** A JSON object whose fields are described elsewhere. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** The server itself. */
export interface ServerResource {
  /** Whether the process answers at all. */
  health(options?: RequestOptions): Promise<HealthAnswer>;
  /** Whether it can serve, and on what. A server that cannot answers too, with `ready: false` and a reason. */
  readiness(options?: RequestOptions): Promise<ReadyAnswer>;
  /** Its OpenAPI document. */
  openApi(options?: RequestOptions): Promise<JsonObject>;
  /** Does the background work that is due, for hosts without a long-lived process. */
  runJobs(options?: RequestOptions): Promise<void>;
  /** Moves the clock of a development server to an instant; null gives it back to the machine. */
  setDevelopmentClock(now: string | null, options?: RequestOptions): Promise<DevClockAnswer>;
}

/** The server's own routes over one client's transport. */
export function serverResource(send: Send): ServerResource {
  return {
    health: (options) => send({ route: routes.getHealth, safe: true, answer: healthAnswerShape }, options),
    readiness: (options) =>
      send({ route: routes.getReadiness, safe: true, alsoAnswers: [503], answer: readyAnswerShape }, options),
    openApi: (options) => send({ route: routes.getOpenApi, safe: true, answer: {} }, options),
    runJobs: (options) => send({ route: routes.runJobs, safe: false, answer: 'nothing' }, options),
    setDevelopmentClock: (now, options) =>
      send(
        { route: routes.setDevelopmentClock, body: { now }, safe: false, answer: devClockAnswerShape },
        options,
      ),
  };
}
