import type { ApiKey, ApiKeyCreated, ApiKeyInput, IngestAnswer, IngestRequest } from '@tallykit/protocol';
import { embedKeys } from './access/embed-keys.ts';
import { createApiKey, listApiKeys, revokeApiKey } from './access/manage-api-keys.ts';
import { resolveGrants } from './access/policy.ts';
import { budgetJobs } from './budgets/jobs.ts';
import { createRecentReadings } from './budgets/recent-readings.ts';
import { defaultEngaged } from './datasets/engaged-conversation.ts';
import { createDoor } from './datasets/run-query.ts';
import { createHandler } from './endpoints/create-handler.ts';
import type { Parts } from './endpoints/parts.ts';
import { servedRoutes } from './endpoints/routes.ts';
import { createInFlight } from './http/in-flight.ts';
import { createRateLimiter } from './http/rate-limit.ts';
import { exactOrigin } from './http/request-origin.ts';
import { createIngestion } from './ingestion/create-ingestion.ts';
import { createFollower } from './log/follower.ts';
import { logJobs } from './log/jobs.ts';
import { shuttingDown } from './http/shutting-down.ts';
import { serverlessHost } from './http/serverless-host.ts';
import { checkOptions, checkServerlessHost, type TallykitOptions } from './options.ts';
import { importCatalogue } from './pricing/import-catalogue.ts';
import { createPriceBooks } from './pricing/price-books.ts';
import { rollupJobs } from './rollups/jobs.ts';
import { systemClock } from './primitives/clock.ts';

/** A running Tallykit: one function to mount, and what the host's own process may do without HTTP. */
export interface Tallykit {
  /** Answers every request below the path it is mounted at; never rejects. */
  readonly handler: (request: Request) => Promise<Response>;
  /** Takes events of a tracker in this process: `createTracker({ transport: tallykit.ingest })`. */
  readonly ingest: (request: IngestRequest) => Promise<IngestAnswer>;
  /** Starts the store, if no request has yet. Rejects with what is wrong; the next call tries again. */
  readonly ready: () => Promise<void>;
  /** Does all background work that is due, to its end: afterwards every figure holds all that was accepted before. */
  readonly tick: () => Promise<void>;
  /** API keys of the organization. */
  readonly keys: {
    readonly create: (input: ApiKeyInput) => Promise<ApiKeyCreated>;
    readonly list: () => Promise<readonly ApiKey[]>;
    readonly revoke: (id: string) => Promise<void>;
  };
  /** Answers what has come in, writes what waits, and lets the store go. */
  readonly close: () => Promise<void>;
}

/**
 * Joins the parts into one request handler. Nothing is opened before the first request or `ready()`, so that importing the
 * module that calls this costs nothing. Throws a TypeError for settings that make no sense.
 *
 * @example
 * const tallykit = createTallykit({
 *   storage: embedded({ folder: './tallykit-data' }),
 *   organization: { name: 'Acme', timeZone: 'Europe/Berlin' },
 *   authenticate: async (request) => {
 *     const user = await sessionOf(request);
 *     if (user === null) return null;
 *     if (user.isStaff) return { subject: user.id, role: 'operator' };
 *     return { subject: user.id, role: 'customer_admin', customerId: user.accountId };
 *   },
 * });
 * app.use('/api/tallykit', toExpressHandler(tallykit));
 */
export function createTallykit(options: TallykitOptions): Tallykit {
  const { storage, organizations, clock, charge, logger, random, rate, ...checked } = checkOptions(options);
  checkServerlessHost(serverlessHost(process.env), { storage, background: checked.background });
  const [organization] = organizations;
  const grants = resolveGrants(options.roles);
  const keys = options.embed === undefined ? null : embedKeys(options.embed.secret);
  const embedTokens = keys && { keys, audience: options.embed?.audience ?? 'tallykit', clock };
  const origins = (options.embed?.origins ?? []).map(checkOrigin);

  const books = createPriceBooks({ storage });
  const follower = createFollower({
    storage,
    onError: (error) =>
      logger.error('Sums could not be brought up to date; they will be tried again.', { error }),
  });
  const recentBudgets = createRecentReadings(clock);
  const grown = (organizationId: string): void => {
    recentBudgets.forget(organizationId);
    follower.poke(organizationId);
  };
  const ingestion = createIngestion({
    storage,
    books,
    clock,
    chargeRule: charge,
    settings: options.retentionDays === undefined ? {} : { retentionDays: options.retentionDays },
    onAppended: grown,
  });
  const door = createDoor({
    storage,
    clock,
    settings: {
      showProviderNames: options.showProviderNames ?? true,
      tokenUsageWindowDays: options.tokenUsageWindowDays ?? 90,
      engagedConversation: {
        userMessages: options.engagedConversation?.userMessages ?? defaultEngaged.userMessages,
        agentMessages: options.engagedConversation?.agentMessages ?? defaultEngaged.agentMessages,
      },
    },
  });
  const storeOf = (subject: string) => storage.forOrganization({ organizationId: organization.id, subject });

  const budgetWork = budgetJobs({ storage, clock, logger });
  if (checked.background === 'inline') {
    const jobs = [
      ...logJobs({ storage, follower, clock }),
      ...rollupJobs({ storage, clock, logger }),
      ...budgetWork,
    ];
    for (const job of jobs) storage.jobs.schedule(job);
  }

  async function start(): Promise<void> {
    await storage.migrate(checked.migrate);
    for (const record of organizations) await storage.ensureOrganization(record);
    await importCatalogue(storeOf('job:catalogue'), clock);
    if (checked.background === 'off') return;
    follower.start();
    for (const { id } of organizations) follower.poke(id);
    await storage.jobs.start();
  }

  let closing: Promise<void> | null = null;
  let starting: Promise<void> | null = null;
  const ready = (): Promise<void> => {
    if (closing !== null) return Promise.reject(shuttingDown());
    starting ??= start().catch((error: unknown) => {
      starting = null;
      throw error;
    });
    return starting;
  };
  const tick = async (): Promise<void> => {
    await ready();
    await follower.tick();
    for (const job of budgetWork) await job.run();
  };

  const parts: Parts = {
    storage,
    clock,
    random,
    logger,
    basePath: checked.basePath,
    bodyLimit: checked.bodyLimit,
    // The machine's clock: one that stands still would never let a caller in again.
    rateLimiter: rate === null ? null : createRateLimiter(rate, systemClock),
    resolve: {
      authenticate: options.authenticate ?? null,
      findKey: (hash) => storage.findKeyByHash(hash),
      embed: embedTokens && { tokens: embedTokens, isRevoked: options.embed?.isRevoked },
      clock,
      grants,
      defaultOrganizationId: organization.id,
      organizationIds: new Set(organizations.map(({ id }) => id)),
    },
    embedTokens,
    origins,
    door,
    recentBudgets,
    ingestion,
    books,
    chargeRule: charge,
    devClock: options.developmentClock ?? null,
    ready,
    grown,
    tick,
  };
  const handle = createHandler(servedRoutes({ development: parts.devClock !== null }), parts);

  const inFlight = createInFlight();
  async function close(): Promise<void> {
    try {
      await starting?.catch(() => undefined);
      await inFlight.settled();
      await ingestion.close();
      await follower.stop();
      await storage.jobs.stop();
    } finally {
      await storage.close();
    }
  }

  const manageKeys = async () => {
    await ready();
    return { store: storeOf('host'), clock, random };
  };

  return {
    handler: (request) => inFlight.count(handle(request)),
    ingest: async (request) => {
      await ready();
      return inFlight.count(
        ingestion.ingest({ organizationId: organization.id, keyId: null, customerId: null }, request),
      );
    },
    ready,
    tick,
    keys: {
      create: async (input) => createApiKey(await manageKeys(), input),
      list: async () => listApiKeys((await manageKeys()).store),
      revoke: async (id) => revokeApiKey(await manageKeys(), id),
    },
    close: () => (closing ??= close()),
  };
}

function checkOrigin(text: string): string {
  const origin = exactOrigin(text);
  if (origin !== null) return origin;
  throw new TypeError(
    `The option "embed.origins" of createTallykit names "${text}", which is no origin. Give scheme, host and port only, for example https://app.example.com.`,
  );
}
