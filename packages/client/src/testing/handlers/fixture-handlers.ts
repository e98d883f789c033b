import { http, type RequestHandler } from 'msw';
import { settingOf, type FixtureOptions } from '../fixtures/fixture-options.ts';
import { budgetHandlers } from './budget-handlers.ts';
import { fixtureProblems, problemResponse } from './problem-response.ts';
import { readHandlers } from './read-handlers.ts';
import { writeHandlers } from './write-handlers.ts';

/** How the handlers behave. */
export interface HandlerOptions extends FixtureOptions {
  /** Where the client believes the server is; `https://tallykit.test/api` unless told. */
  readonly baseUrl?: string | undefined;
  /**
   * `answers` with fixtures; `denied` (403), `failed` (500), `unauthenticated` (401) and `notConfigured` (404) answer
   * every route with that problem; `slow` never answers. `answers` unless told.
   */
  readonly behaviour?:
    'answers' | 'slow' | 'denied' | 'failed' | 'unauthenticated' | 'notConfigured' | undefined;
}

/** Where fixture clients and handlers meet unless told otherwise. */
export const fixtureBaseUrl = 'https://tallykit.test/api';

/**
 * msw handlers for every route, for a service worker, `setupServer`, or {@link createFixtureClient}.
 *
 * @example
 * const server = setupServer(...fixtureHandlers({ baseUrl: 'http://localhost/api/tallykit', variant: 'pending' }));
 */
export function fixtureHandlers(options: HandlerOptions = {}): RequestHandler[] {
  const base = (options.baseUrl ?? fixtureBaseUrl).replace(/\/+$/, '');
  const behaviour = options.behaviour ?? 'answers';
  switch (behaviour) {
    case 'answers':
      return [
        ...readHandlers(base, options),
        ...budgetHandlers(base, options),
        ...writeHandlers(base, settingOf(options).now),
      ];
    case 'slow':
      return [http.all(`${base}/*`, () => new Promise<Response>(() => undefined))];
    case 'denied':
    case 'failed':
    case 'unauthenticated':
    case 'notConfigured':
      return [http.all(`${base}/*`, () => problemResponse(fixtureProblems[behaviour]))];
    default:
      return behaviour satisfies never;
  }
}
