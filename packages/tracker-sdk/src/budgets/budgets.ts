import type {
  BudgetConnection,
  BudgetDecision,
  BudgetGate,
  BudgetScope,
  BudgetSource,
} from '../budget-source.ts';
import { type Attribution, mergeAttribution } from '../context/attribution.ts';
import { TrackerError } from '../errors/tracker-error.ts';
import type { ObservedCall } from '../observe/call-recorder.ts';
import { type AskServer, type ServerDecision, serverAsker } from './ask-server.ts';

/** A call that a budget does not let pass. */
export interface BudgetRefusal extends BudgetDecision {
  readonly scope: BudgetScope;
  readonly provider: string;
  readonly requestModel: string;
  /** When a throttled call may be tried again; null for a blocked one. */
  readonly retryAfterSeconds: number | null;
}

/** Settings of {@link budgets}. */
export interface BudgetOptions {
  /**
   * `true`: each wrapped call reserves what it may cost before it goes out, and one that is over a blocking budget is
   * refused with a `TrackerError` (`budget_exceeded`). A function is called back in its place and decides: the call
   * goes out when it returns or resolves to `true`. Default: `false`, calls are never held up.
   */
  readonly guard?: boolean | ((refusal: BudgetRefusal) => boolean | Promise<boolean>) | undefined;
  /** What a call may cost, where the host knows better than the server's average. */
  readonly estimate?:
    | ((call: {
        readonly provider: string;
        readonly requestModel: string;
        readonly maxOutputTokens: number | undefined;
      }) =>
        | {
            readonly amount?: string | undefined;
            readonly currency?: string | undefined;
            readonly tokens?: number | undefined;
          }
        | undefined)
    | undefined;
  /** Milliseconds to wait for a decision; then the call is allowed, and `budget_unavailable` counted. Default: 1,000. */
  readonly timeoutMs?: number | undefined;
  /** Milliseconds that a throttled call waits at most for its turn. Default: 10,000. */
  readonly throttleTimeoutMs?: number | undefined;
  /** Where the server adapter is mounted. Default: the tracker's `endpoint`. */
  readonly endpoint?: string | undefined;
  /** An ingest key of the server. Default: the tracker's `apiKey`. */
  readonly apiKey?: string | undefined;
}

/** After a failure the server is left alone for so long. */
const restMs = 1000;
/** The longest that the server takes: streams and background calls run for minutes, and a call that ends lifts its hold. */
const holdSeconds = 600;
const mostScopes = 10_000;

/** The same text for the same scope, also where an id came as a number from a database. */
function scopeOf(attribution: Attribution): BudgetScope {
  const { customerId, productId, flow } = mergeAttribution({}, attribution);
  return { customerId, productId, flow };
}

/**
 * Lets a tracker ask the server about budgets: `tracker.budget(scope)`, and with `guard` before each wrapped call.
 * Off unless it is given to `createTracker`. When the server cannot be asked, calls are allowed and
 * `budget_unavailable` is counted: a budget never takes the host down.
 *
 * `createTracker` throws a `TrackerError` (`configuration_invalid`) when there is no endpoint to ask.
 *
 * @example
 * const tracker = createTracker({ endpoint, apiKey: key, budgets: budgets({ guard: true }) });
 */
export function budgets(options: BudgetOptions = {}): BudgetSource {
  return { connect: (connection) => createGate(options, connection) };
}

function createGate(options: BudgetOptions, given: BudgetConnection): BudgetGate {
  const { guard = false, timeoutMs = 1000, throttleTimeoutMs = 10_000, estimate } = options;
  const connection = {
    ...given,
    endpoint: options.endpoint ?? given.endpoint,
    apiKey: options.apiKey ?? given.apiKey,
  };
  if (!connection.endpoint) {
    throw new TrackerError(
      'configuration_invalid',
      'No budget could be asked for: give budgets() or createTracker the endpoint where the server adapter is mounted.',
    );
  }
  const { now, lose } = connection;
  const ask: AskServer = serverAsker(connection, timeoutMs);
  const decisions = new Map<string, { readonly until: number; readonly decision: Promise<BudgetDecision> }>();
  /** Scopes that no budget concerns, and until when that is known. */
  const free = new Map<string, number>();
  let restUntil = 0;

  /** A decision of the server, or `undefined` when it gave none. */
  async function decide(path: string, body: object): Promise<ServerDecision | undefined> {
    try {
      if (now() >= restUntil) return await ask('POST', path, body);
    } catch {
      restUntil = now() + restMs;
    }
    lose('budget_unavailable');
    return undefined;
  }

  const unavailable: BudgetDecision = {
    allowed: true,
    decision: 'allow',
    reason: 'unavailable',
    budgets: [],
  };

  async function fetchDecision(key: string, scope: BudgetScope): Promise<BudgetDecision> {
    const answer = await decide('check', { scope });
    if (!answer) {
      decisions.delete(key);
      return unavailable;
    }
    const { decision, budgets: told, ttlSeconds } = answer;
    const known = { allowed: decision !== 'block', decision, budgets: told };
    decisions.set(key, { until: now() + ttlSeconds * 1000, decision: Promise.resolve(known) });
    return known;
  }

  function check(given: BudgetScope): Promise<BudgetDecision> {
    const scope = scopeOf(given);
    const key = JSON.stringify(scope);
    const known = decisions.get(key);
    if (known && known.until > now()) return known.decision;
    if (decisions.size >= mostScopes) decisions.clear();
    const decision = fetchDecision(key, scope);
    // Everyone who asks while the question is out shares its answer.
    decisions.set(key, { until: now() + timeoutMs, decision });
    return decision;
  }

  function guess(call: Parameters<NonNullable<BudgetOptions['estimate']>>[0]) {
    try {
      return estimate?.(call);
    } catch {
      lose('observer_failed');
      return undefined;
    }
  }

  async function admit(call: ObservedCall, attribution: Attribution): Promise<void> {
    const scope = scopeOf(attribution);
    const key = JSON.stringify(scope);
    if ((free.get(key) ?? 0) > now()) return;
    const { provider, requestModel } = call.facts;
    const most = Number(call.request?.maxOutputTokens);
    const told = guess({ provider, requestModel, maxOutputTokens: most > 0 ? most : undefined });
    // Not by the clock of the day, which may be set back while the host waits.
    const deadline = performance.now() + throttleTimeoutMs;
    for (;;) {
      const answer = await decide('reservations', {
        id: call.id,
        scope,
        seconds: holdSeconds,
        ...(told && { estimate: told }),
      });
      if (!answer) return;
      const { decision, budgets: verdicts, ttlSeconds } = answer;
      if (answer.admitted ?? decision === 'allow') {
        if (answer.reservation) hold(call);
        else remember(key, ttlSeconds);
        return;
      }
      const retryAfterSeconds = decision === 'throttle' ? (answer.retryAfterSeconds ?? 1) : null;
      if (retryAfterSeconds !== null && performance.now() + retryAfterSeconds * 1000 <= deadline) {
        await new Promise((resolve) => setTimeout(resolve, retryAfterSeconds * 1000));
        continue;
      }
      const refusal = { allowed: false, decision, budgets: verdicts, scope, provider, requestModel };
      if (typeof guard === 'function' && (await guard({ ...refusal, retryAfterSeconds }))) return;
      throw refused(refusal);
    }
  }

  function remember(key: string, seconds: number): void {
    if (free.size >= mostScopes) free.clear();
    free.set(key, now() + seconds * 1000);
  }

  /** A hold lifts by itself when the call's event is in; a call that leaves no event gives it back. */
  function hold(call: ObservedCall): void {
    const before = call.onEnd;
    call.onEnd = (recorded) => {
      before?.(recorded);
      if (!recorded) ask('DELETE', `reservations/${call.id}`).catch(() => undefined);
    };
  }

  return { check, ...(guard && { admit }) };
}

function refused({
  decision,
  budgets: verdicts,
  scope,
}: Omit<BudgetRefusal, 'retryAfterSeconds'>): TrackerError {
  const names = verdicts.filter((each) => each.decision !== 'allow').map(({ id, name }) => name ?? id);
  const whose = scope.customerId === undefined ? '' : ` of customer ${scope.customerId}`;
  return new TrackerError(
    'budget_exceeded',
    `The call was not made: ${names.length > 0 ? `the budget "${names.join('", "')}"` : 'a budget'}${whose} ` +
      `${decision === 'throttle' ? 'lets no more calls pass for now. Try again later' : 'is used up. Raise it'}, or catch this error.`,
  );
}
