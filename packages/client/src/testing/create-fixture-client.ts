import type { RequestHandler } from 'msw';
import { createClient, type ClientOptions, type TallykitClient } from '../create-client.ts';
import { settingOf } from './fixtures/fixture-options.ts';
import { fetchFromHandlers } from './handlers/fetch-from-handlers.ts';
import { fixtureBaseUrl, fixtureHandlers, type HandlerOptions } from './handlers/fixture-handlers.ts';

/** What {@link createFixtureClient} takes besides the handlers' options. */
export interface FixtureClientOptions extends HandlerOptions {
  /** Asked before the fixtures, for what a test needs to be different. */
  readonly handlers?: readonly RequestHandler[] | undefined;
  /** Anything else of the client, for example `getSession`. */
  readonly client?: Partial<ClientOptions> | undefined;
}

/**
 * A real client whose server is a set of fixtures in memory. Nothing leaves the page, and reads are not repeated, so
 * that a failure shows at once.
 *
 * @example
 * const client = createFixtureClient({ variant: 'pending', visibility: 'customer' });
 * const spend = await client.insights.get('token-spend');
 */
export function createFixtureClient(options: FixtureClientOptions = {}): TallykitClient {
  const { now, variant, visibility } = settingOf(options);
  const { handlers = [], behaviour = 'answers', baseUrl = fixtureBaseUrl } = options;
  return createClient({
    baseUrl,
    fetch: fetchFromHandlers([...handlers, ...fixtureHandlers({ ...options, baseUrl })]),
    retry: false,
    now: () => now,
    principal: `fixture-${visibility}-${variant}-${behaviour}`,
    ...options.client,
  });
}
