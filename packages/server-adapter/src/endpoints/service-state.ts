import {
  devClockPutSchema,
  type DevClockAnswer,
  type HealthAnswer,
  type ReadyAnswer,
} from '@tallykit/protocol';
import { jsonAnswer } from '../http/answer.ts';
import { invalidRequest } from '../http/invalid-request.ts';
import { ProblemError } from '../http/problem-error.ts';
import { StorageError } from '../storage/contract/storage-error.ts';
import { noSuchRoute } from './match-route.ts';
import type { OpenCall } from './route.ts';

/** The process is alive. */
export function readHealth(): HealthAnswer {
  return { status: 'ok' };
}

/** Whether requests can be served, and on what. Tells codes only: why in words is in the log. */
export async function readReadiness({ parts }: OpenCall): Promise<Response> {
  const { storage, logger } = parts;
  try {
    await parts.ready();
    const { ready, engine, schemaVersion, expectedSchemaVersion, rowLevelSecurity } = await storage.health();
    const reason = ready ? null : 'not_ready';
    const answer: ReadyAnswer = {
      ready,
      engine,
      schemaVersion,
      expectedSchemaVersion,
      rowLevelSecurity,
      reason,
    };
    return jsonAnswer(answer, ready ? 200 : 503);
  } catch (error) {
    logger.error('The store is not ready.', { error });
    const answer: ReadyAnswer = {
      ready: false,
      engine: storage.engine,
      schemaVersion: 0,
      expectedSchemaVersion: 0,
      rowLevelSecurity: 'off',
      reason: StorageError.is(error) || ProblemError.is(error) ? error.code : 'start_failed',
    };
    return jsonAnswer(answer, 503);
  }
}

/** Moves the clock of a development server. */
export function putDevClock({ parts, body }: OpenCall): DevClockAnswer {
  const clock = parts.devClock;
  if (clock === null) throw noSuchRoute();
  const parsed = devClockPutSchema.safeParse(body);
  if (!parsed.success) throw invalidRequest(parsed.error);
  clock.set(parsed.data.now === null ? null : Date.parse(parsed.data.now));
  return { now: new Date(clock.now()).toISOString() };
}
