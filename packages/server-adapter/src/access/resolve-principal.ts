import { permissions, type Permission, type Principal } from '@tallykit/protocol';
import type { Clock } from '../primitives/clock.ts';
import type { StoredKey } from '../storage/contract/key-store.ts';
import { expired, invalidEmbedToken, invalidKey, unauthenticated } from './access-problems.ts';
import { hashKeySecret, keyPrefix } from './api-key-secret.ts';
import type { Caller } from './caller.ts';
import type { EmbedOptions } from './embed-keys.ts';
import { looksLikeEmbedToken, verifyEmbedToken, type EmbedTokenContext } from './embed-token.ts';
import { principalOfClaim, type ClaimSettings, type PrincipalClaim } from './principal.ts';

/** Asks the host who sent a request; null when nobody is signed in. */
export type Authenticate = (
  request: Request,
) => PrincipalClaim | null | undefined | Promise<PrincipalClaim | null | undefined>;

/** What callers are resolved with. */
export interface ResolveContext extends ClaimSettings {
  readonly authenticate: Authenticate | null;
  readonly findKey: (hash: string) => Promise<StoredKey | null>;
  /** Null when embedding is not configured. */
  readonly embed: {
    readonly tokens: EmbedTokenContext;
    readonly isRevoked: EmbedOptions['isRevoked'];
  } | null;
  readonly clock: Clock;
}

/**
 * Tells who is asking, or throws a 401 problem. A key or an embed token in the Authorization header decides alone;
 * otherwise the host does. Query, body and other headers are not looked at, so nothing in them can widen a scope.
 */
export async function resolvePrincipal(request: Request, context: ResolveContext): Promise<Caller> {
  const token = bearerToken(request);
  if (token?.startsWith(keyPrefix) === true) return callerOfKey(token, context);
  if (token !== null && looksLikeEmbedToken(token)) return callerOfEmbedToken(token, context);
  const claim = await context.authenticate?.(request);
  if (claim === null || claim === undefined) throw unauthenticated();
  const principal = principalOfClaim(claim, context);
  if (principal.expiresAt !== null && Date.parse(principal.expiresAt) <= context.clock.now()) throw expired();
  return { principal, credential: 'host', keyId: null, widgets: null, origins: null };
}

function bearerToken(request: Request): string | null {
  return /^bearer +(\S+)$/i.exec(request.headers.get('authorization')?.trim() ?? '')?.[1] ?? null;
}

async function callerOfKey(secret: string, context: ResolveContext): Promise<Caller> {
  const key = await context.findKey(hashKeySecret(secret));
  if (key === null || key.revokedAt !== null || !context.organizationIds.has(key.organizationId))
    throw invalidKey();
  return {
    principal: key.kind === 'server' ? serverPrincipal(key) : ingestPrincipal(key),
    credential: key.kind === 'server' ? 'server_key' : 'ingest_key',
    keyId: key.id,
    widgets: null,
    origins: null,
  };
}

function serverPrincipal(key: StoredKey): Principal {
  const { organizationId, id } = key;
  return { organizationId, subject: `key:${id}`, role: 'operator', permissions, expiresAt: null };
}

// The role with the lowest floor: a key that lies in an application's settings can never read anything.
function ingestPrincipal(key: StoredKey): Principal {
  return {
    organizationId: key.organizationId,
    subject: `key:${key.id}`,
    role: 'customer_member',
    ...(key.customerId === null ? {} : { customerId: key.customerId }),
    permissions: ['ingest.write', 'budgets.check'],
    expiresAt: null,
  };
}

async function callerOfEmbedToken(token: string, context: ResolveContext): Promise<Caller> {
  const { embed, organizationIds, grants } = context;
  if (embed === null) throw invalidEmbedToken();
  const claims = await verifyEmbedToken(token, embed.tokens);
  const { organizationId, customerId, subject, role, tokenId, issuedAt, expiresAt, origins, widgets } =
    claims;
  if (!organizationIds.has(organizationId)) throw invalidEmbedToken();
  const identity = { tokenId, organizationId, customerId, subject, issuedAt };
  if ((await embed.isRevoked?.(identity)) === true) throw invalidEmbedToken();
  const claim: PrincipalClaim = {
    organizationId,
    customerId,
    subject,
    role,
    // Rights that the settings have taken away since the token was minted are gone from it as well.
    permissions: grants[role].filter((leaf: Permission) => claims.permissions.includes(leaf)),
    expiresAt: new Date(expiresAt).toISOString(),
  };
  return {
    principal: principalOfClaim(claim, context),
    credential: 'embed_token',
    keyId: null,
    widgets,
    origins,
  };
}
