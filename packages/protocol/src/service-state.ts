import * as z from 'zod/mini';
import { instantSchema } from './text.ts';

/** Answer to `GET /healthz`: the process is alive. It says nothing of the store. */
export interface HealthAnswer {
  readonly status: 'ok';
}

/** Checks a {@link HealthAnswer}; open. */
export const healthAnswerSchema = z.object({ status: z.literal('ok') });

/** Answer to `GET /readyz`: 200 when requests can be served, 503 otherwise. */
export interface ReadyAnswer {
  readonly ready: boolean;
  readonly engine: string;
  readonly schemaVersion: number;
  readonly expectedSchemaVersion: number;
  /** Whether the database itself fences rows, as the second wall behind the queries. */
  readonly rowLevelSecurity: 'on' | 'off';
  /** A code of why it is not ready, or null. */
  readonly reason: string | null;
}

/** Checks a {@link ReadyAnswer}; open. */
export const readyAnswerSchema = z.object({
  ready: z.boolean(),
  engine: z.string(),
  schemaVersion: z.number(),
  expectedSchemaVersion: z.number(),
  rowLevelSecurity: z.enum(['on', 'off']),
  reason: z.nullable(z.string()),
});

/** Body of `PUT /v1/dev/clock`: where the clock of a development server stands; null for the machine's own time. */
export interface DevClockPut {
  readonly now: string | null;
}

/** Checks a {@link DevClockPut}; closed. */
export const devClockPutSchema = z.strictObject({ now: z.nullable(instantSchema) });

/** Answer to `PUT /v1/dev/clock`: the time it is now. A clock that was set runs on from there. */
export interface DevClockAnswer {
  readonly now: string;
}

/** Checks a {@link DevClockAnswer}; open. */
export const devClockAnswerSchema = z.object({ now: instantSchema });
