import type { Permission } from '@tallykit/protocol';
import { decodeProtectedHeader, errors, jwtVerify, SignJWT, type JWTPayload } from 'jose';
import * as z from 'zod/mini';
import type { Clock } from '../primitives/clock.ts';
import { expired, invalidEmbedToken } from './access-problems.ts';
import type { EmbedKeys } from './embed-keys.ts';

/** The one algorithm. A token that names another one, `none` included, is refused. */
const algorithm = 'HS256';
/** Tells our tokens from the host's own, which may travel in the same header. */
const tokenType = 'tallykit-embed+jwt';
const issuer = 'tallykit';
/** No token lives longer, whoever signed it. */
const longestSeconds = 60 * 60;
/** Clocks of servers behind one address differ a little; a fresh token must not be refused by the next one. */
const clockSlackSeconds = 30;

/** What a token says. */
export interface EmbedTokenClaims {
  readonly tokenId: string;
  readonly organizationId: string;
  readonly customerId: string;
  readonly subject: string;
  readonly role: 'customer_admin' | 'customer_member';
  readonly permissions: readonly Permission[];
  readonly widgets: readonly string[] | null;
  readonly origins: readonly string[] | null;
  /** Unix milliseconds. */
  readonly issuedAt: number;
  readonly expiresAt: number;
}

/** What tokens are signed and checked with. */
export interface EmbedTokenContext {
  readonly keys: EmbedKeys;
  readonly audience: string;
  readonly clock: Clock;
}

const privateClaims = z.object({
  jti: z.string(),
  sub: z.string().check(z.minLength(1)),
  iat: z.number(),
  exp: z.number(),
  org: z.string().check(z.minLength(1)),
  customer: z.string().check(z.minLength(1)),
  role: z.enum(['customer_admin', 'customer_member']),
  permissions: z.array(z.string()),
  widgets: z.nullable(z.array(z.string())),
  origins: z.nullable(z.array(z.string())),
});

/** Signs a token. */
export async function signEmbedToken(claims: EmbedTokenClaims, context: EmbedTokenContext): Promise<string> {
  const { keys, audience } = context;
  const { organizationId, customerId, role, permissions, widgets, origins } = claims;
  return new SignJWT({
    org: organizationId,
    customer: customerId,
    role,
    permissions,
    widgets,
    origins,
  } as JWTPayload)
    .setProtectedHeader({ alg: algorithm, typ: tokenType, kid: keys.signing.id })
    .setIssuer(issuer)
    .setAudience(audience)
    .setSubject(claims.subject)
    .setJti(claims.tokenId)
    .setIssuedAt(Math.floor(claims.issuedAt / 1000))
    .setExpirationTime(Math.floor(claims.expiresAt / 1000))
    .sign(keys.signing.secret);
}

/** Whether a bearer token says that it is one of ours. It is believed nothing else until it is verified. */
export function looksLikeEmbedToken(token: string): boolean {
  try {
    return decodeProtectedHeader(token).typ === tokenType;
  } catch {
    return false;
  }
}

/** Checks signature, algorithm, type, audience and times; throws a 401 problem when one of them fails. */
export async function verifyEmbedToken(token: string, context: EmbedTokenContext): Promise<EmbedTokenClaims> {
  const payload = await verifiedPayload(token, context);
  const parsed = privateClaims.safeParse(payload);
  if (!parsed.success) throw invalidEmbedToken();
  const { jti, sub, iat, exp, org, customer, role, permissions, widgets, origins } = parsed.data;
  const age = context.clock.now() / 1000 - iat;
  if (age < -clockSlackSeconds) throw invalidEmbedToken();
  if (age >= longestSeconds) throw expired();
  return {
    tokenId: jti,
    organizationId: org,
    customerId: customer,
    subject: sub,
    role,
    permissions: permissions as readonly Permission[],
    widgets,
    origins,
    issuedAt: iat * 1000,
    expiresAt: Math.min(exp, iat + longestSeconds) * 1000,
  };
}

async function verifiedPayload(token: string, context: EmbedTokenContext): Promise<JWTPayload> {
  const { keys, audience, clock } = context;
  try {
    const { payload } = await jwtVerify(
      token,
      ({ kid }) => {
        const secret = kid === undefined ? undefined : keys.byId.get(kid);
        if (secret === undefined) throw invalidEmbedToken();
        return secret;
      },
      {
        algorithms: [algorithm],
        audience,
        issuer,
        typ: tokenType,
        requiredClaims: ['exp', 'iat', 'sub', 'jti'],
        currentDate: new Date(clock.now()),
      },
    );
    return payload;
  } catch (error) {
    throw error instanceof errors.JWTExpired ? expired() : invalidEmbedToken();
  }
}
