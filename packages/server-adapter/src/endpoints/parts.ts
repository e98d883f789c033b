import type { EmbedTokenContext } from '../access/embed-token.ts';
import type { SecureRandom } from '../access/api-key-secret.ts';
import type { ResolveContext } from '../access/resolve-principal.ts';
import type { RecentReadings } from '../budgets/recent-readings.ts';
import type { Door } from '../datasets/run-query.ts';
import type { Logger } from '../http/logger.ts';
import type { RateLimiter } from '../http/rate-limit.ts';
import type { Ingestion } from '../ingestion/create-ingestion.ts';
import type { PriceBooks } from '../pricing/price-books.ts';
import type { ChargeRule } from '../pricing/charge-rule.ts';
import type { Clock } from '../primitives/clock.ts';
import type { Storage } from '../storage/contract/storage.ts';
import type { DevClock } from './dev-clock.ts';

/** What endpoints are made of: joined in `create-tallykit.ts`, used by the handlers. */
export interface Parts {
  readonly storage: Storage;
  readonly clock: Clock;
  readonly random: SecureRandom;
  readonly logger: Logger;
  /** Where the host mounted the handler; null to find it out. */
  readonly basePath: string | null;
  /** Bytes of a body after decompression. */
  readonly bodyLimit: number;
  /** Null when rates are not limited. */
  readonly rateLimiter: RateLimiter | null;
  readonly resolve: ResolveContext;
  /** Null when embedding is not configured. */
  readonly embedTokens: EmbedTokenContext | null;
  /** Origins elsewhere whose pages may read answers. */
  readonly origins: readonly string[];
  readonly door: Door;
  /** Readings of budgets that checks of the last second were answered with. */
  readonly recentBudgets: RecentReadings;
  readonly ingestion: Ingestion;
  readonly books: PriceBooks;
  readonly chargeRule: ChargeRule;
  /** Present on development servers only. */
  readonly devClock: DevClock | null;
  /** Starts the store if it has not been started yet; rejects while it cannot be. */
  ready(): Promise<void>;
  /** Says that the log of an organization has grown. */
  grown(organizationId: string): void;
  /** Does all background work that is due, to its end. */
  tick(): Promise<void>;
}
