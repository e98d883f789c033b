import { createHmac } from 'node:crypto';
import { problemSchema, type EmbedSession } from '@tallykit/protocol';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { embedKeys } from '../access/embed-keys.ts';
import type { PrincipalClaim } from '../access/principal.ts';
import { serverlessHost } from '../http/serverless-host.ts';
import { checkServerlessHost } from '../options.ts';
import type { Storage } from '../storage/contract/storage.ts';
import { referenceStorage } from '../testing/reference/reference-storage.ts';
import { openTestTallykit, type TestAsk, type TestTallykit } from '../testing/open-test-tallykit.ts';
import { servedRoutes } from './routes.ts';

const secret = 'a secret of more than thirty-two characters';
const other = { id: 'other', name: 'Other', timeZone: 'UTC' };
const admin: PrincipalClaim = { subject: 'ada', role: 'customer_admin', customerId: 'acme' };
const member: PrincipalClaim = { subject: 'bob', role: 'customer_member', customerId: 'acme' };
const callId = '019aa0b1-0000-7000-8000-000000000001';
const traceId = '0123456789abcdef0123456789abcdef';

/** Who may ask at all, by kind of caller, and with which problem the others are refused. */
type Expected =
  'open' | '401' | 'role_denied' | 'operator_only' | 'permission_missing' | 'ingest_key_only' | 'asks';

const routes = servedRoutes({ development: false });
const customerLeaves = ['analytics.view'];
const keyLeaves = ['ingest.write', 'budgets.check'];
const grantable = [...keyLeaves, 'budgets.manage'];

function expectedOf(kind: string, needs: string): Expected {
  if (needs === 'nothing') return 'open';
  if (kind.startsWith('401')) return '401';
  if (needs === 'signed_in' || kind === 'operator' || kind === 'server key') return 'asks';
  if (kind === 'ingest key') return keyLeaves.includes(needs) ? 'asks' : 'ingest_key_only';
  if (kind.includes('member')) return 'role_denied';
  if (customerLeaves.includes(needs)) return 'asks';
  return grantable.includes(needs) ? 'permission_missing' : 'operator_only';
}

function addressOf(path: string): string {
  return path
    .replace('/v1/insights/{id}', '/v1/insights/token-spend')
    .replace('/v1/datasets/{id}', '/v1/datasets/token_usage')
    .replace('{traceId}', traceId)
    .replace('{id}', callId);
}

function forged(claims: object): string {
  const { id: kid, secret: key } = embedKeys(secret).signing;
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const text = `${part({ alg: 'HS256', typ: 'tallykit-embed+jwt', kid })}.${part(claims)}`;
  return `${text}.${createHmac('sha256', key).update(text).digest('base64url')}`;
}

/** The stable code of a refusal, which is a problem, or a `google.rpc.Status` for exporters of spans. */
function codeOf(refusal: object): string | undefined {
  if ('message' in refusal) return /^([a-z_]+): /.exec(String(refusal.message))?.[1];
  return problemSchema.parse(refusal).code;
}

describe('every route, asked by every kind of caller', () => {
  let server: TestTallykit;
  const callers = new Map<string, TestAsk>();

  beforeAll(async () => {
    server = openTestTallykit({ embed: { secret } });
    const elsewhere = openTestTallykit({ embed: { secret }, organization: other });
    const wrongAudience = openTestTallykit({ embed: { secret, audience: 'staging' } });
    const mint = async (from: TestTallykit, role: PrincipalClaim['role'], minutes = 60) => {
      const body = { customerId: 'acme', subject: 'eve', role, minutes };
      const answer = await from.ask<EmbedSession>('POST /v1/embed-sessions', {
        token: await from.key(),
        body,
      });
      return answer.body.token;
    };
    const short = await mint(server, 'customer_admin', 1);
    const [header, body] = short.split('.');
    const none = Buffer.from('{"alg":"none","typ":"tallykit-embed+jwt"}').toString('base64url');
    server.clock.advance(61_000);
    const now = server.clock.now() / 1000;
    const claims = {
      iss: 'tallykit',
      aud: 'tallykit',
      sub: 'eve',
      jti: 'j',
      iat: now,
      exp: now + 60,
      org: 'default',
    };

    callers
      .set('operator', { as: { subject: 'ops', role: 'operator' } })
      .set('server key', { token: await server.key() })
      .set('ingest key', { token: await server.key({ kind: 'ingest' }) })
      .set('customer admin', { as: admin })
      .set('admin by embed token', { token: await mint(server, 'customer_admin') })
      .set('member', { as: member })
      .set('member with every permission', {
        as: { ...member, permissions: ['analytics.view', 'pricing.manage'] },
      })
      .set('member by embed token', { token: await mint(server, 'customer_member') })
      .set('401 nobody', {})
      .set('401 unknown key', { token: 'tk_server_unknown' })
      .set('401 expired token', { token: short })
      .set('401 token of another organization', { token: await mint(elsewhere, 'customer_admin') })
      .set('401 token for another audience', { token: await mint(wrongAudience, 'customer_admin') })
      .set('401 token without a signature', { token: `${none}.${body}.` })
      .set('401 damaged token', { token: `${header}.${body}.AAAA` })
      .set('401 forged operator', { token: forged({ ...claims, customer: 'acme', role: 'operator' }) })
      .set('401 key of another organization', { token: await elsewhere.key() });
  });

  it.each(routes.map(({ method, path, needs }) => ({ route: `${method} ${path}`, needs })))(
    '$route',
    async ({ route, needs }) => {
      const [method = '', path = ''] = route.split(' ');
      const body = method === 'POST' || method === 'PUT' ? {} : undefined;
      for (const [kind, caller] of callers) {
        const { status, body: answer } = await server.ask(`${method} ${addressOf(path)}`, {
          ...caller,
          body,
        });
        const code = status >= 400 ? codeOf(answer) : '';
        const outcome = `${kind}: ${status} ${code}`.trim();
        const expected = expectedOf(kind, needs);
        if (expected === 'open') expect(outcome).toBe(`${kind}: 200`);
        else if (expected === '401') expect(outcome).toMatch(/: 401 (unauthenticated|token_expired)$/);
        else if (expected === 'asks') expect(outcome).toMatch(/: (200|204|400|404)\b/);
        else expect(outcome).toBe(`${kind}: 403 ${expected}`);
      }
    },
  );

  it('gives the same answer for foreign and for unknown ids', async () => {
    const asked = async (route: string) => {
      const { status, body } = await server.ask(route, { as: admin });
      return { ...body, status, instance: '' };
    };
    expect(await asked('GET /v1/insights/token-spend?customerId=rival')).toEqual(
      await asked('GET /v1/insights/token-spend?customerId=nobody-at-all'),
    );
    expect((await asked('GET /v1/insights/token-spend?customerId=rival')).code).toBe('customer_not_allowed');
    expect((await asked(`GET /v1/calls/${callId}`)).status).toBe(404);
  });

  it.each([
    ['query', 'GET /v1/insights/token-spend?customerId=rival', undefined],
    ['query, said twice', 'GET /v1/insights/token-spend?customerId=acme&customerId=rival', undefined],
    ['query, as an operator would', 'GET /v1/insights/usage-over-time?asCustomer=rival', undefined],
    ['query of a route that takes none', `GET /v1/calls/${callId}?customerId=rival`, undefined],
    ['body', 'POST /v1/datasets/token_usage/query', { measures: ['calls'], asCustomer: 'rival' }],
  ])('refuses a foreign customer in the %s', async (_, route, body) => {
    expect(await server.ask(route, { as: admin, body })).toMatchObject({
      status: 403,
      body: { code: 'customer_not_allowed' },
    });
  });

  it('never takes rights from headers or the query, whatever they say', async () => {
    const names = fc.constantFrom(
      'role',
      'x-role',
      'x-tallykit-role',
      'permissions',
      'organizationId',
      'x-organization',
    );
    const values = fc.constantFrom('operator', 'default', 'pricing.manage', '*', 'admin');
    await fc.assert(
      fc.asyncProperty(names, values, async (name, value) => {
        const answer = await server.ask(`GET /v1/prices?${name}=${encodeURIComponent(value)}`, {
          as: admin,
          headers: { [name]: value },
        });
        expect(answer).toMatchObject({ status: 403, body: { code: 'operator_only' } });
      }),
      { numRuns: 30 },
    );
  });

  it('answers every broken request with a problem and never with a 500', async () => {
    const route = fc.constantFrom(...routes);
    const junk = fc.oneof(fc.jsonValue(), fc.constant({ __proto__: null }), fc.constant([[]]));
    const id = fc.string({ minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(route, junk, id, async ({ method, path }, body, part) => {
        const address = path.replace(/\{\w+\}/, encodeURIComponent(part).replaceAll('.', '%2E'));
        const answer = await server.ask(`${method} ${address}?from=${encodeURIComponent(part)}`, {
          as: { subject: 'ops', role: 'operator' },
          body: method === 'GET' ? undefined : body,
        });
        expect(answer.status).not.toBe(500);
        if (answer.status >= 400 && path !== '/readyz') expect(codeOf(answer.body)).toMatch(/^[a-z_]+$/);
      }),
      { numRuns: 200 },
    );
  });
});

describe('starting', () => {
  it('refuses a roles option that grants members analytics', () => {
    expect(() => openTestTallykit({ roles: { customer_member: ['analytics.view'] } })).toThrow(
      'grants "analytics.view" to customer_member',
    );
  });

  it.each([
    [{ storage: undefined as never }, 'The option "storage" of createTallykit is missing'],
    [{ organization: { timeZone: 'Mars/Base' } }, 'names the time zone "Mars/Base"'],
    [{ organizations: [{ id: 'default', name: 'x', timeZone: 'UTC' }] }, 'names the same id twice'],
    [{ embed: { secret: 'short' } }, 'at least 32 characters'],
    [{ embed: { secret, origins: ['https://a.example/path'] } }, 'which is no origin'],
    [{ charge: { markup: '20%' } }, 'give a decimal as text'],
    [{ engagedConversation: { userMessages: 1.5 } }, 'engagedConversation.userMessages'],
    [{ limits: { bodyBytes: 0 } }, 'must be a whole number of bytes'],
    [{ limits: { rate: { requestsPerSecond: 0, burst: 1 } } }, 'requestsPerSecond above 0'],
    [{ retentionDays: 0.5 }, 'whole number of days'],
    [{ background: 'sometimes' as never }, 'must be "inline" or "off"'],
  ])('refuses %j with what to do', (options, message) => {
    expect(() => openTestTallykit(options)).toThrow(message);
  });

  it('refuses a host that stops processes between requests, where that would lose something', () => {
    const shared = {
      ...referenceStorage(),
      capabilities: { ...referenceStorage().capabilities, manyProcesses: true },
    };
    const check =
      (storage: Storage, background: 'inline' | 'off', environment: Record<string, string>) => () =>
        checkServerlessHost(serverlessHost(environment), { storage, background });
    expect(check(referenceStorage(), 'off', { VERCEL: '1' })).toThrow(
      'belongs to one process, and Vercel runs many',
    );
    expect(check(shared, 'inline', { AWS_LAMBDA_FUNCTION_NAME: 'f' })).toThrow(
      'cron job post to /v1/jobs/tick',
    );
    expect(check(shared, 'off', { VERCEL: '1' })).not.toThrow();
    expect(check(referenceStorage(), 'inline', { VERCEL: '' })).not.toThrow();
  });
});
