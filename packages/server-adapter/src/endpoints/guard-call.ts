import type { Permission } from '@tallykit/protocol';
import { customerNotAllowed, ingestKeyOnly } from '../access/access-problems.ts';
import type { Caller } from '../access/caller.ts';
import { guardCookieWrite } from '../access/cookie-guard.ts';
import { checkEmbedOrigin, checkEmbedWidget } from '../access/embed-use.ts';
import { requirePermission } from '../access/policy.ts';
import type { Parts } from './parts.ts';
import type { GuardedRoute } from './route.ts';

/** Query parameters that name a customer. */
const namingParameters = ['customerId', 'asCustomer'];

/** What an ingest key is for: sending events, and asking beforehand whether a call may be made. */
const keyLeaves: ReadonlySet<Permission> = new Set(['ingest.write', 'budgets.check']);

/** Refuses a caller who may not ask this, before anything of the request is read but its head. */
export function guardCall(
  route: GuardedRoute,
  call: {
    readonly request: Request;
    readonly caller: Caller;
    readonly params: Readonly<Record<string, string>>;
    readonly parts: Pick<Parts, 'origins'>;
  },
): void {
  const { request, caller, params, parts } = call;
  checkEmbedOrigin(request, caller, parts.origins);
  if (route.needs !== 'signed_in') {
    if (caller.credential === 'ingest_key' && !keyLeaves.has(route.needs)) throw ingestKeyOnly();
    requirePermission(caller.principal, route.needs satisfies Permission);
    checkEmbedWidget(caller, route.insightOf?.(params) ?? null);
  }
  guardCookieWrite(request, caller);
  const query = new URL(request.url).searchParams;
  for (const named of namingParameters.flatMap((name) => query.getAll(name))) refuseForeign(caller, named);
}

/** Refuses a body that names another customer than the caller's own. */
export function guardBody(caller: Caller, body: unknown): void {
  if (typeof body !== 'object' || body === null) return;
  for (const [key, value] of Object.entries(body)) {
    if (namingParameters.includes(key) && typeof value === 'string') refuseForeign(caller, value);
  }
}

function refuseForeign(caller: Caller, named: string): void {
  const { role, customerId, includeDescendants } = caller.principal;
  // Which customers are below its own only the store knows: the door decides then.
  if (includeDescendants === true) return;
  // An ingest key that is bound to nobody writes for all customers; what it writes is checked event by event.
  if (role === 'operator' || customerId === undefined) return;
  if (named !== customerId) throw customerNotAllowed();
}
