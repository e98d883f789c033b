import { createHmac } from 'node:crypto';
import { permissions, type EmbedSessionRequest, type Principal } from '@tallykit/protocol';
import { SignJWT } from 'jose';
import { beforeEach, describe, expect, it } from 'vitest';
import { ProblemError } from '../http/problem-error.ts';
import { createManualClock } from '../primitives/clock.ts';
import type { StoredKey } from '../storage/contract/key-store.ts';
import { hashKeySecret } from './api-key-secret.ts';
import type { Caller } from './caller.ts';
import { embedKeys } from './embed-keys.ts';
import { mintEmbedSession } from './mint-embed-session.ts';
import { defaultGrants, resolveGrants } from './policy.ts';
import type { PrincipalClaim } from './principal.ts';
import { resolvePrincipal, type ResolveContext } from './resolve-principal.ts';

const secret = 'a secret of more than thirty-two characters';
const start = Date.parse('2026-11-20T10:00:00Z');
const clock = createManualClock(start);
const operator: Principal = {
  organizationId: 'default',
  subject: 'ops',
  role: 'operator',
  permissions,
  expiresAt: null,
};

function tokensOf(text: string | readonly string[] = secret, audience = 'tallykit') {
  return { keys: embedKeys(text), audience, clock };
}

function context(change: Partial<ResolveContext> = {}): ResolveContext {
  return {
    authenticate: null,
    findKey: async () => null,
    embed: { tokens: tokensOf(), isRevoked: undefined },
    clock,
    grants: defaultGrants,
    defaultOrganizationId: 'default',
    organizationIds: new Set(['default', 'other']),
    ...change,
  };
}

function ask(headers: Record<string, string> = {}): Request {
  return new Request('http://host.example/v1/insights/token-spend?customerId=rival&role=operator', {
    headers,
  });
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

async function mint(change: Partial<EmbedSessionRequest> = {}, tokens = tokensOf()): Promise<string> {
  const body = { customerId: 'acme', subject: 'ada', role: 'customer_admin', ...change };
  const session = await mintEmbedSession(operator, body, { tokens, origins: [], grants: defaultGrants });
  return session.token;
}

async function outcome(request: Request, change: Partial<ResolveContext> = {}): Promise<Caller | string> {
  try {
    return await resolvePrincipal(request, context(change));
  } catch (error) {
    return ProblemError.is(error) ? `${error.status} ${error.code}` : String(error);
  }
}

async function principalOf(request: Request, change: Partial<ResolveContext> = {}): Promise<Principal> {
  const caller = await outcome(request, change);
  if (typeof caller === 'string') throw new Error(caller);
  return caller.principal;
}

beforeEach(() => clock.set(start));

describe('the host', () => {
  const signedIn = (claim: PrincipalClaim) => ({ authenticate: () => claim });

  it('decides alone who asks; query, body and other headers are not looked at', async () => {
    const request = ask({ 'x-tallykit-role': 'operator', 'x-customer-id': 'rival' });
    const claim: PrincipalClaim = { subject: 'ada', role: 'customer_admin', customerId: 'acme' };
    expect(await principalOf(request, signedIn(claim))).toEqual({
      organizationId: 'default',
      subject: 'ada',
      role: 'customer_admin',
      customerId: 'acme',
      permissions: ['analytics.view', 'reports.manage', 'exports.manage', 'alerts.manage'],
      expiresAt: null,
    });
  });

  it('cannot let an operator of one customer act on the others', async () => {
    const claim: PrincipalClaim = { subject: 'ops', role: 'operator', customerId: 'acme' };
    const { permissions: held, customerId } = await principalOf(ask(), signedIn(claim));
    expect(customerId).toBe('acme');
    expect(held).toContain('analytics.view');
    expect(held).not.toContain('keys.manage');
  });

  it('answers 401 when nobody is signed in or nobody can be', async () => {
    expect(await outcome(ask(), { authenticate: async () => null })).toBe('401 unauthenticated');
    expect(await outcome(ask())).toBe('401 unauthenticated');
  });

  it('refuses a principal that has expired', async () => {
    const claim = { subject: 'a', role: 'operator', expiresAt: '2026-11-20T10:00:00Z' } as const;
    expect(await outcome(ask(), signedIn(claim))).toBe('401 token_expired');
  });

  it.each([
    [{ subject: 'a', role: 'customer_admin' }, 'has the role customer_admin but no "customerId"'],
    [{ subject: 'a', role: 'customer_member', customerId: '' }, 'names a "customerId" that is no text'],
    [{ subject: 'a', role: 'admin' }, 'names the role "admin"'],
    [{ subject: '', role: 'operator' }, 'names no "subject"'],
    [{ subject: 'a', role: 'operator', organizationId: 'unknown' }, 'names the organization "unknown"'],
    [{ subject: 'a', role: 'operator', permissions: ['all'] }, 'holds "all"'],
    [{ subject: 'a', role: 'operator', expiresAt: 'soon' }, '"expiresAt" that is no instant'],
  ])('fails for a claim that makes no sense instead of reading more: %j', async (claim, message) => {
    expect(await outcome(ask(), signedIn(claim as PrincipalClaim))).toContain(message);
  });

  it('cannot give a role what it can never hold', async () => {
    const claim = { subject: 'a', role: 'customer_member', customerId: 'acme', permissions } as const;
    expect((await principalOf(ask(), signedIn(claim))).permissions).toEqual([
      'budgets.check',
      'ingest.write',
    ]);
  });
});

describe('an API key', () => {
  const stored = (change: Partial<StoredKey>): Partial<ResolveContext> => ({
    authenticate: () => operator,
    findKey: async (hash) =>
      hash === hashKeySecret('tk_server_right')
        ? {
            id: 'k1',
            organizationId: 'default',
            kind: 'server',
            name: 'n',
            prefix: 'tk_server_rig',
            customerId: null,
            createdAt: 0,
            revokedAt: null,
            ...change,
          }
        : null,
  });

  it('of the server acts as an operator of its own organization', async () => {
    const principal = await principalOf(ask(bearer('tk_server_right')), stored({ organizationId: 'other' }));
    expect(principal).toMatchObject({ organizationId: 'other', role: 'operator', subject: 'key:k1' });
  });

  it('for ingest can send events and check budgets and nothing else, bound to its customer', async () => {
    const change = stored({ kind: 'ingest', customerId: 'acme' });
    const principal = await principalOf(ask(bearer('tk_server_right')), change);
    expect(principal).toMatchObject({
      role: 'customer_member',
      customerId: 'acme',
      permissions: ['ingest.write', 'budgets.check'],
    });
  });

  it.each([
    ['unknown', 'tk_server_wrong', {}],
    ['revoked', 'tk_server_right', { revokedAt: 1 }],
    ['of an organization elsewhere', 'tk_server_right', { organizationId: 'elsewhere' }],
  ])('%s is refused, and the host is not asked instead', async (_, token, change) => {
    expect(await outcome(ask(bearer(token)), stored(change))).toBe('401 unauthenticated');
  });
});

describe('an embed token', () => {
  it('carries its customer, role and expiry, and no more rights than the role holds', async () => {
    const principal = await principalOf(ask(bearer(await mint({ minutes: 5 }))));
    expect(principal).toEqual({
      organizationId: 'default',
      subject: 'ada',
      role: 'customer_admin',
      customerId: 'acme',
      permissions: defaultGrants.customer_admin,
      expiresAt: '2026-11-20T10:05:00.000Z',
    });
  });

  it('wins over the host session, so a page never shows more than its token', async () => {
    const principal = await principalOf(ask(bearer(await mint())), { authenticate: () => operator });
    expect(principal.role).toBe('customer_admin');
  });

  it('ends to the second, and does not fall back to the host', async () => {
    const token = await mint({ minutes: 1 });
    clock.advance(59_999);
    expect((await principalOf(ask(bearer(token)))).customerId).toBe('acme');
    clock.advance(1);
    expect(await outcome(ask(bearer(token)), { authenticate: () => operator })).toBe('401 token_expired');
  });

  it('narrows to the features it names', async () => {
    const token = await mint({ features: ['analytics.view', 'pricing.manage'] });
    expect((await principalOf(ask(bearer(token)))).permissions).toEqual(['analytics.view']);
  });

  it('loses what the settings have taken from its role since', async () => {
    const token = await mint();
    const grants = resolveGrants({ customer_admin: ['analytics.view'] });
    expect((await principalOf(ask(bearer(token)), { grants })).permissions).toEqual(['analytics.view']);
  });

  it('of a secret that was rotated out is refused, of one that still counts is accepted', async () => {
    const old = 'an older secret of more than thirty-two characters';
    const token = await mint({}, tokensOf(old));
    const embed = (text: string | string[]) => ({
      embed: { tokens: tokensOf(text), isRevoked: undefined },
    });
    expect((await principalOf(ask(bearer(token)), embed([secret, old]))).subject).toBe('ada');
    expect(await outcome(ask(bearer(token)), embed(secret))).toBe('401 unauthenticated');
  });

  it('can be revoked early', async () => {
    const token = await mint();
    const isRevoked = (identity: { customerId: string; issuedAt: number }) =>
      identity.customerId === 'acme' && identity.issuedAt <= start;
    const embed = { tokens: tokensOf(), isRevoked };
    expect(await outcome(ask(bearer(token)), { embed })).toBe('401 unauthenticated');
  });

  it('of another installation is refused', async () => {
    expect(await outcome(ask(bearer(await mint({}, tokensOf(secret, 'staging')))))).toBe(
      '401 unauthenticated',
    );
  });

  it('is refused where embedding is not configured', async () => {
    expect(await outcome(ask(bearer(await mint())), { embed: null })).toBe('401 unauthenticated');
  });

  it('of an unknown organization is refused', async () => {
    const token = await mint();
    expect(await outcome(ask(bearer(token)), { organizationIds: new Set(['other']) })).toBe(
      '401 unauthenticated',
    );
  });
});

describe('a forged embed token', () => {
  const claims = {
    iss: 'tallykit',
    aud: 'tallykit',
    sub: 'eve',
    jti: 'j',
    iat: start / 1000,
    exp: start / 1000 + 600,
    org: 'default',
    customer: 'acme',
    role: 'customer_admin',
    permissions: ['analytics.view'],
    widgets: null,
    origins: null,
  };
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const { id: kid, secret: key } = embedKeys(secret).signing;
  const typ = 'tallykit-embed+jwt';
  const signed = (header: object, body: object = claims) => {
    const text = `${part(header)}.${part(body)}`;
    return `${text}.${createHmac('sha256', key).update(text).digest('base64url')}`;
  };

  it('is told from one that is signed right', async () => {
    expect((await principalOf(ask(bearer(signed({ alg: 'HS256', typ, kid }))))).subject).toBe('eve');
  });

  it.each([
    ['without a signature', `${part({ alg: 'none', typ, kid })}.${part(claims)}.`],
    ['that says "none" with a signature', signed({ alg: 'none', typ, kid })],
    ['of another algorithm', signed({ alg: 'HS512', typ, kid })],
    ['without a key id', signed({ alg: 'HS256', typ })],
    ['of an unknown key', signed({ alg: 'HS256', typ, kid: 'x' })],
    ['for another audience', signed({ alg: 'HS256', typ, kid }, { ...claims, aud: 'other' })],
    ['of another issuer', signed({ alg: 'HS256', typ, kid }, { ...claims, iss: 'other' })],
    ['without an expiry', signed({ alg: 'HS256', typ, kid }, { ...claims, exp: undefined })],
    ['from the future', signed({ alg: 'HS256', typ, kid }, { ...claims, iat: start / 1000 + 60 })],
    ['without a customer', signed({ alg: 'HS256', typ, kid }, { ...claims, customer: '' })],
    ['of an operator', signed({ alg: 'HS256', typ, kid }, { ...claims, role: 'operator' })],
    [
      'with a changed body',
      `${part({ alg: 'HS256', typ, kid })}.${part({ ...claims, sub: 'mallory' })}.${signed({ alg: 'HS256', typ, kid }).split('.')[2]}`,
    ],
  ])('%s is refused', async (_, token) => {
    expect(await outcome(ask(bearer(token)), { authenticate: () => operator })).toBe('401 unauthenticated');
  });

  it('is told from one of a server whose clock is a little ahead', async () => {
    const token = signed({ alg: 'HS256', typ, kid }, { ...claims, iat: start / 1000 + 20 });
    expect((await principalOf(ask(bearer(token)))).subject).toBe('eve');
  });

  it('that lives longer than an hour ends after one', async () => {
    const token = signed({ alg: 'HS256', typ, kid }, { ...claims, exp: start / 1000 + 999_999 });
    expect((await principalOf(ask(bearer(token)))).expiresAt).toBe('2026-11-20T11:00:00.000Z');
    clock.advance(61 * 60_000);
    expect(await outcome(ask(bearer(token)))).toBe('401 token_expired');
  });

  it('without our type is the host’s business alone', async () => {
    const token = await new SignJWT({}).setProtectedHeader({ alg: 'HS256' }).sign(key);
    expect(await outcome(ask(bearer(token)))).toBe('401 unauthenticated');
    expect((await principalOf(ask(bearer(token)), { authenticate: () => operator })).subject).toBe('ops');
  });
});

describe('minting', () => {
  const settings = { tokens: tokensOf(), origins: ['https://app.example.com'], grants: defaultGrants };
  const body = { customerId: 'acme', subject: 'ada', role: 'customer_admin' };
  const problem = async (change: object, minter: Principal = operator) => {
    try {
      await mintEmbedSession(minter, { ...body, ...change }, settings);
      return 'minted';
    } catch (error) {
      return ProblemError.is(error) ? [error.code, error.errors?.[0]?.pointer].join(' ') : String(error);
    }
  };

  it('lives fifteen minutes unless told, and never more than sixty', async () => {
    const { expiresAt } = await mintEmbedSession(operator, body, settings);
    expect(expiresAt).toBe('2026-11-20T10:15:00.000Z');
    expect(await problem({ minutes: 61 })).toBe('invalid_request /minutes');
    expect(await problem({ minutes: 0 })).toBe('invalid_request /minutes');
  });

  it('never makes an operator', async () => {
    expect(await problem({ role: 'operator' })).toBe('invalid_request /role');
  });

  it('takes exact origins that the server lists', async () => {
    expect(await problem({ origins: ['https://app.example.com'] })).toBe('minted');
    expect(await problem({ origins: ['https://app.example.com/path'] })).toBe('invalid_request /origins/0');
    expect(await problem({ origins: ['https://evil.example'] })).toBe('invalid_request /origins/0');
  });

  it('says which feature is none', async () => {
    expect(await problem({ features: ['analytics.view', 'everything'] })).toBe('invalid_request /features/1');
  });

  it('stays within the account of a minter that is bound to one', async () => {
    expect(await problem({}, { ...operator, customerId: 'rival' })).toBe('customer_not_allowed ');
  });

  it('refuses short secrets at start-up', () => {
    expect(() => embedKeys('short')).toThrow('at least 32 characters');
    expect(() => embedKeys([])).toThrow('at least one secret');
  });
});
