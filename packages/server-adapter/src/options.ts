import { maxIngestBodyBytes, timeZoneSchema } from '@tallykit/protocol';
import type { SecureRandom } from './access/api-key-secret.ts';
import type { EmbedOptions } from './access/embed-keys.ts';
import type { RoleGrants } from './access/policy.ts';
import type { Authenticate } from './access/resolve-principal.ts';
import type { EngagedConversation } from './datasets/engaged-conversation.ts';
import type { DevClock } from './endpoints/dev-clock.ts';
import type { Logger } from './http/logger.ts';
import { defaultRateLimit, type RateLimit } from './http/rate-limit.ts';
import { normalBasePath } from './http/route-path.ts';
import { stderrLogger } from './http/stderr-logger.ts';
import { defaultChargeRule, type ChargeRule } from './pricing/charge-rule.ts';
import { systemClock, type Clock } from './primitives/clock.ts';
import type { OrganizationRecord, Storage } from './storage/contract/storage.ts';

/** Settings of {@link createTallykit}. Only `storage` is required. */
export interface TallykitOptions {
  /** `embedded({ folder })` to start with, `postgres({ url })` in production. */
  readonly storage: Storage;
  /** The vendor. `id` is `default`, `timeZone` (of its days and months) is `UTC` unless told. */
  readonly organization?: Partial<OrganizationRecord> | undefined;
  /** More organizations in the same store. A principal or key of one of them never sees another. */
  readonly organizations?: readonly OrganizationRecord[] | undefined;
  /**
   * Tells who sent a request, from the host's own session; null when nobody is signed in. Without it only API keys and
   * embed tokens are accepted.
   */
  readonly authenticate?: Authenticate | undefined;
  /** Path that the handler is mounted at, for example `/api/tallykit`; found out unless told. */
  readonly basePath?: string | undefined;
  readonly clock?: Clock | undefined;
  /** For development only: a clock to move, and `PUT /v1/dev/clock` to move it with. Takes the place of `clock`. */
  readonly developmentClock?: DevClock | undefined;
  /** `inline`: this process also sums what it takes in (default). `off`: `tallykit worker` or `tick()` does. */
  readonly background?: 'inline' | 'off' | undefined;
  /**
   * `auto` brings the schema up to date at start; `check` refuses to start when it is not. `auto` unless told, except for
   * stores that several processes share.
   */
  readonly migrate?: 'auto' | 'check' | undefined;
  /** Embed tokens for pages of customers; none without it. */
  readonly embed?: EmbedOptions | undefined;
  /** Moves permission leaves between roles. Members of a customer account can never hold one for analytics. */
  readonly roles?: Partial<RoleGrants> | undefined;
  /** What customers are told that calls cost: list price without markup unless told. */
  readonly charge?: Partial<ChargeRule> | undefined;
  /** Whether customers see names of models and providers; true unless told. */
  readonly showProviderNames?: boolean | undefined;
  /** Days that the dataset `token_usage` reaches back; 90 unless told. */
  readonly tokenUsageWindowDays?: number | undefined;
  /** From how many messages on a conversation counts as engaged; 2 of a user and 1 of an agent unless told. */
  readonly engagedConversation?: Partial<EngagedConversation> | undefined;
  /** Days back from which events are still taken; 90 unless told. */
  readonly retentionDays?: number | undefined;
  readonly limits?: TallykitLimits | undefined;
  /** Where failures are told; the standard error stream unless told. */
  readonly logger?: Logger | undefined;
  /** Source of secrets; the runtime's own unless told. */
  readonly random?: SecureRandom | undefined;
}

/** How much one caller may send. */
export interface TallykitLimits {
  /** Bytes of a body after decompression; 8 MiB unless told. */
  readonly bodyBytes?: number | undefined;
  /** Requests of one key or person in this process; 500 a second with bursts of 2,000 unless told, `false` for no limit. */
  readonly rate?: RateLimit | false | undefined;
}

/** Options with their defaults, checked. */
export interface CheckedOptions {
  readonly storage: Storage;
  readonly organizations: readonly [OrganizationRecord, ...OrganizationRecord[]];
  readonly basePath: string | null;
  readonly clock: Clock;
  readonly background: 'inline' | 'off';
  readonly migrate: 'auto' | 'check';
  readonly charge: ChargeRule;
  readonly bodyLimit: number;
  readonly rate: RateLimit | null;
  readonly logger: Logger;
  readonly random: SecureRandom;
}

/**
 * Refuses what would lose data or never be summed on a host that stops the process between requests.
 *
 * @param host name of such a host, or null
 */
export function checkServerlessHost(
  host: string | null,
  { storage, background }: Pick<CheckedOptions, 'storage' | 'background'>,
): void {
  if (host === null) return;
  if (!storage.capabilities.manyProcesses) {
    throw new TypeError(
      `The store of createTallykit belongs to one process, and ${host} runs many and ends them at will, so events would be lost. Use postgres({ url }).`,
    );
  }
  if (background === 'inline') {
    throw new TypeError(
      `Nothing runs between requests on ${host}, so sums would fall behind. Set the option "background" of createTallykit to "off", and let a cron job post to /v1/jobs/tick with a server key.`,
    );
  }
}

/** Fills in defaults. Throws a TypeError for every setting that makes no sense, so that a mistake shows at start-up. */
export function checkOptions(options: TallykitOptions): CheckedOptions {
  const { storage, background = 'inline', limits = {} } = options;
  if (typeof storage?.forScope !== 'function') {
    throw wrongOption(
      'storage',
      'is missing. Pass embedded() or postgres({ url }), each from its own sub-path',
    );
  }
  if (background !== 'inline' && background !== 'off')
    throw wrongOption('background', 'must be "inline" or "off"');
  checkDays('retentionDays', options.retentionDays);
  checkDays('tokenUsageWindowDays', options.tokenUsageWindowDays);
  checkEngaged(options.engagedConversation);
  const { bodyBytes = maxIngestBodyBytes, rate = defaultRateLimit } = limits;
  if (!Number.isInteger(bodyBytes) || bodyBytes < 1)
    throw wrongOption('limits.bodyBytes', 'must be a whole number of bytes');
  if (rate !== false && !(rate.requestsPerSecond > 0 && rate.burst >= 1)) {
    throw wrongOption(
      'limits.rate',
      'needs requestsPerSecond above 0 and a burst of at least 1, or must be false',
    );
  }
  return {
    storage,
    organizations: checkOrganizations(options),
    basePath: options.basePath === undefined ? null : normalBasePath(options.basePath),
    clock: options.developmentClock ?? options.clock ?? systemClock,
    background,
    migrate: options.migrate ?? (storage.capabilities.manyProcesses ? 'check' : 'auto'),
    charge: checkCharge(options.charge),
    bodyLimit: bodyBytes,
    rate: rate === false ? null : rate,
    logger: options.logger ?? stderrLogger,
    random: options.random ?? ((bytes) => void crypto.getRandomValues(bytes)),
  };
}

function checkDays(name: string, days: number | undefined): void {
  if (days === undefined || (Number.isInteger(days) && days >= 1 && days <= 3660)) return;
  throw wrongOption(name, 'must be a whole number of days from 1 to 3660');
}

function checkEngaged(engaged: Partial<EngagedConversation> = {}): void {
  for (const [name, count] of Object.entries(engaged)) {
    if (count !== undefined && !(Number.isInteger(count) && count >= 0 && count <= 1000)) {
      throw wrongOption(`engagedConversation.${name}`, 'must be a whole number of messages from 0 to 1000');
    }
  }
}

function checkOrganizations(options: TallykitOptions): CheckedOptions['organizations'] {
  const { id = 'default', name, timeZone = 'UTC' } = options.organization ?? {};
  const first: OrganizationRecord = { id, name: name ?? id, timeZone };
  const all = [first, ...(options.organizations ?? [])] as const;
  for (const organization of all) {
    if (organization.id === '') throw wrongOption('organization', 'has an empty id');
    if (!timeZoneSchema.safeParse(organization.timeZone).success) {
      throw wrongOption(
        'organization',
        `names the time zone "${organization.timeZone}", which is none of IANA's, such as Europe/Berlin`,
      );
    }
  }
  if (new Set(all.map((organization) => organization.id)).size < all.length) {
    throw wrongOption('organizations', 'names the same id twice');
  }
  return [...all];
}

function checkCharge(charge: Partial<ChargeRule> = {}): ChargeRule {
  const { basis = defaultChargeRule.basis, markup = defaultChargeRule.markup } = charge;
  if (basis !== 'list' && basis !== 'effective')
    throw wrongOption('charge.basis', 'must be "list" or "effective"');
  if (!/^-?\d{1,6}(\.\d{1,12})?$/.test(markup)) {
    throw wrongOption(
      'charge.markup',
      `is "${markup}"; give a decimal as text, "0.2" for twenty percent on top`,
    );
  }
  return { basis, markup };
}

function wrongOption(name: string, what: string): TypeError {
  return new TypeError(`The option "${name}" of createTallykit ${what}.`);
}
