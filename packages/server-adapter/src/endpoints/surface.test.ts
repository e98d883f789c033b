import type {
  ApiKeyCreated,
  ApiKeysAnswer,
  EmbedSession,
  IngestAnswer,
  SessionAnswer,
} from '@tallykit/protocol';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { PrincipalClaim } from '../access/principal.ts';
import { createTallykit } from '../create-tallykit.ts';
import { StorageError } from '../storage/contract/storage-error.ts';
import { referenceStorage } from '../testing/reference/reference-storage.ts';
import { openTestTallykit } from '../testing/open-test-tallykit.ts';
import { createDevClock } from './dev-clock.ts';
import { servedRoutes } from './routes.ts';

const operator: PrincipalClaim = { subject: 'ops', role: 'operator' };
const admin: PrincipalClaim = { subject: 'ada', role: 'customer_admin', customerId: 'acme' };
const member: PrincipalClaim = { subject: 'bob', role: 'customer_member', customerId: 'acme' };
const embed = { secret: 'a secret of more than thirty-two characters' };
const noEvents = { protocol: 1, sentAt: '2026-11-20T10:42:00.000Z', events: [] };

describe('the surface', () => {
  it('is this', () => {
    const table = servedRoutes({ development: true }).map(({ method, path, needs, audit }) =>
      [method.padEnd(6), path.padEnd(30), needs, audit === undefined ? '' : `[${audit}]`].join(' ').trim(),
    );
    expect(`\n${table.join('\n')}\n`).toMatchInlineSnapshot(`
      "
      GET    /v1/session                    signed_in
      POST   /v1/events                     ingest.write
      POST   /v1/otlp/v1/traces             ingest.write
      PUT    /v1/ledger/customers           ledger.write [customers.put]
      PUT    /v1/ledger/invoices            ledger.write [invoices.put]
      PUT    /v1/ledger/flows               ledger.write [flows.put]
      PUT    /v1/provider-lines             reconciliation.manage [provider_lines.put]
      GET    /v1/prices                     pricing.manage
      PUT    /v1/prices                     pricing.manage [prices.put]
      POST   /v1/prices/settle              pricing.manage [prices.settle]
      POST   /v1/customers/{id}/erase       ledger.write [customers.erase]
      GET    /v1/insights/{id}              analytics.view
      GET    /v1/datasets                   analytics.view
      POST   /v1/datasets/{id}/query        analytics.view
      GET    /v1/calls/{id}                 analytics.view
      GET    /v1/traces/{traceId}           analytics.view
      GET    /v1/conversations/{id}         analytics.view
      GET    /v1/budgets                    analytics.view
      PUT    /v1/budgets                    budgets.manage [budgets.put]
      GET    /v1/budgets/{id}               analytics.view
      PUT    /v1/budgets/{id}               budgets.manage [budgets.put]
      DELETE /v1/budgets/{id}               budgets.manage [budgets.delete]
      POST   /v1/budgets/check              budgets.check
      POST   /v1/budgets/reservations       budgets.check
      DELETE /v1/budgets/reservations/{id}  budgets.check
      POST   /v1/embed-sessions             sessions.mint [sessions.mint]
      GET    /v1/keys                       keys.manage
      POST   /v1/keys                       keys.manage [keys.create]
      DELETE /v1/keys/{id}                  keys.manage [keys.revoke]
      POST   /v1/jobs/tick                  ledger.write [jobs.tick]
      GET    /v1/openapi.json               nothing
      GET    /healthz                       nothing
      GET    /readyz                        nothing
      PUT    /v1/dev/clock                  nothing
      "
    `);
  });

  it('writes an audit line for everything that changes something, except what comes with every call', () => {
    const silent = servedRoutes({ development: false }).filter(
      ({ method, needs, audit }) => method !== 'GET' && needs !== 'analytics.view' && audit === undefined,
    );
    expect(silent.map(({ path }) => path)).toEqual([
      ...['/v1/events', '/v1/otlp/v1/traces'],
      ...['/v1/budgets/check', '/v1/budgets/reservations', '/v1/budgets/reservations/{id}'],
    ]);
  });
});

describe('every answer', () => {
  it('is private and kept by nobody, and carries the id of its request', async () => {
    const { ask } = openTestTallykit();
    for (const route of ['GET /v1/session', 'GET /healthz', 'GET /nowhere', 'DELETE /v1/events']) {
      const { headers } = await ask(route, { as: operator });
      expect(headers.get('cache-control')).toBe('private, no-store');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    }
    const { headers } = await ask('GET /healthz', { headers: { 'x-request-id': 'trace-7' } });
    expect(headers.get('x-request-id')).toBe('trace-7');
  });

  it('of an unknown path is 404, of a wrong method 405 with what is allowed', async () => {
    const { ask } = openTestTallykit();
    expect(await ask('GET /v1/everything')).toMatchObject({ status: 404, body: { code: 'route_not_found' } });
    const wrong = await ask('DELETE /v1/prices', { as: operator });
    expect(wrong).toMatchObject({ status: 405, body: { code: 'method_not_allowed' } });
    expect(wrong.headers.get('allow')).toBe('GET, PUT');
    const options = await ask('OPTIONS /v1/prices');
    expect([options.status, options.headers.get('allow')]).toEqual([204, 'GET, PUT']);
  });

  it('comes under any base path', async () => {
    const anywhere = openTestTallykit();
    expect((await anywhere.ask('GET /a/b/c/v1/session', { as: operator })).status).toBe(200);
    const named = openTestTallykit({ basePath: '/api/tallykit' });
    expect((await named.ask('GET /api/tallykit/v1/session', { as: operator })).status).toBe(200);
    expect((await named.ask('GET /v1/session', { as: operator })).status).toBe(404);
  });
});

describe('ids in paths', () => {
  it('arrive as they are, whatever they hold', async () => {
    const { ask } = openTestTallykit();
    for (const id of ['a/b', 'a b', 'ü%', 'v1']) {
      await ask('PUT /v1/ledger/customers', { as: operator, body: { customers: [{ id, name: id }] } });
      const erased = await ask<{ customerId: string }>(`POST /v1/customers/${encodeURIComponent(id)}/erase`, {
        as: operator,
      });
      expect(erased).toMatchObject({ status: 200, body: { customerId: id } });
    }
    const unknown = await ask('POST /v1/customers/nobody/erase', { as: operator });
    expect(unknown).toMatchObject({ status: 404, body: { code: 'customer_not_found' } });
  });
});

describe('sessions', () => {
  it('tell each role who it is, and members no more than that', async () => {
    const { ask } = openTestTallykit({
      organization: { id: 'desk', name: 'Desk', timeZone: 'Europe/Berlin' },
    });
    await ask('PUT /v1/ledger/customers', {
      as: operator,
      body: { customers: [{ id: 'acme', name: 'Acme Inc' }] },
    });
    const organization = { id: 'desk', name: 'Desk', timeZone: 'Europe/Berlin' };
    const session = async (as: PrincipalClaim) => (await ask<SessionAnswer>('GET /v1/session', { as })).body;
    expect(await session(operator)).toMatchObject({ visibility: 'operator', customer: null, organization });
    expect(await session(admin)).toMatchObject({
      role: 'customer_admin',
      visibility: 'customer',
      customer: { id: 'acme', name: 'Acme Inc' },
    });
    expect(await session(member)).toMatchObject({ permissions: [], customer: { id: 'acme', name: 'acme' } });
  });
});

describe('bodies', () => {
  it('may be gzipped, and are bounded', async () => {
    const { tallykit, key } = openTestTallykit({ limits: { bodyBytes: 5000 } });
    const secret = await key({ kind: 'ingest' });
    const send = async (body: Uint8Array<ArrayBuffer>) => {
      const answer = await tallykit.handler(
        new Request('http://host.example/v1/events', {
          method: 'POST',
          body,
          headers: {
            authorization: `Bearer ${secret}`,
            'content-type': 'application/json',
            'content-encoding': 'gzip',
          },
        }),
      );
      return [answer.status, ((await answer.json()) as { code?: string }).code];
    };
    const whole = gzipSync(JSON.stringify(noEvents));
    expect(await send(whole)).toEqual([200, undefined]);
    expect(await send(whole.subarray(0, -8))).toEqual([400, 'body_truncated']);
    expect(await send(gzipSync(Buffer.alloc(1_000_000, 32)))).toEqual([413, 'body_too_large']);
  });

  it('are not read for callers who may not send them', async () => {
    const { ask } = openTestTallykit();
    expect(await ask('PUT /v1/prices', { as: member, body: 'not json' })).toMatchObject({ status: 403 });
    expect(await ask('PUT /v1/prices', { body: 'not json' })).toMatchObject({ status: 401 });
    expect(await ask('PUT /v1/prices', { as: operator, body: 'not json' })).toMatchObject({
      status: 400,
      body: { code: 'body_not_json' },
    });
  });
});

describe('rates', () => {
  it('are limited for each caller apart, with the time to wait', async () => {
    const { ask } = openTestTallykit({ limits: { rate: { requestsPerSecond: 0.01, burst: 2 } } });
    await ask('GET /v1/session', { as: operator });
    await ask('GET /v1/session', { as: operator });
    const third = await ask('GET /v1/session', { as: operator });
    expect(third).toMatchObject({ status: 429, body: { code: 'rate_limited' } });
    expect(Number(third.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await ask('GET /v1/session', { as: admin })).status).toBe(200);
  });
});

describe('keys', () => {
  it('are made, shown without their secret, and end when revoked', async () => {
    const { ask } = openTestTallykit();
    const body = { kind: 'ingest', name: 'backend', customerId: 'acme' };
    const { body: made } = await ask<ApiKeyCreated>('POST /v1/keys', { as: operator, body });
    expect(made.secret).toMatch(/^tk_ingest_[\w-]{43}$/);
    const { body: list } = await ask<ApiKeysAnswer>('GET /v1/keys', { as: operator });
    expect(list.keys).toEqual([made.key]);
    expect(JSON.stringify(list)).not.toContain(made.secret);

    const send = () => ask<IngestAnswer>('POST /v1/events', { token: made.secret, body: noEvents });
    expect((await send()).status).toBe(200);
    expect((await ask(`DELETE /v1/keys/${made.key.id}`, { as: operator })).status).toBe(204);
    expect((await send()).status).toBe(401);
    expect(await ask(`DELETE /v1/keys/${made.key.id}`, { as: operator })).toMatchObject({
      status: 404,
      body: { code: 'key_not_found' },
    });
  });

  it('of the server cannot be bound to a customer', async () => {
    const { ask } = openTestTallykit();
    const body = { kind: 'server', name: 'x', customerId: 'acme' };
    expect(await ask('POST /v1/keys', { as: operator, body })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/customerId' }] },
    });
  });

  it('of one organization open nothing of another', async () => {
    const other = { id: 'other', name: 'Other', timeZone: 'UTC' };
    const { ask, key } = openTestTallykit({ organizations: [other] });
    const token = await key();
    await ask('PUT /v1/ledger/customers', { token, body: { customers: [{ id: 'acme', name: 'Acme' }] } });
    const foreign = { ...admin, organizationId: 'other' };
    const { body } = await ask<SessionAnswer>('GET /v1/session', { as: foreign });
    expect(body).toMatchObject({ organization: other, customer: { id: 'acme', name: 'acme' } });
  });
});

describe('embed sessions', () => {
  it('open one customer’s widgets from the page they were made for', async () => {
    const origin = 'https://app.example.com';
    const { ask, key } = openTestTallykit({ embed: { ...embed, origins: [origin] } });
    const minted = await ask<EmbedSession>('POST /v1/embed-sessions', {
      token: await key(),
      body: { ...admin, widgets: ['token-spend'], origins: [origin] },
    });
    const { token } = minted.body;
    const use = (route: string, from: string) => ask(route, { token, headers: { origin: from } });

    const allowed = await use('GET /v1/insights/token-spend', origin);
    expect(allowed.status).toBe(200);
    expect(allowed.headers.get('access-control-allow-origin')).toBe(origin);
    expect(allowed.headers.get('access-control-allow-credentials')).toBeNull();
    expect(await use('GET /v1/insights/revenue-hero', origin)).toMatchObject({
      body: { code: 'widget_not_allowed' },
    });
    expect(await use('GET /v1/datasets', origin)).toMatchObject({ body: { code: 'widget_not_allowed' } });
    const foreign = await use('GET /v1/insights/token-spend', 'https://evil.example');
    expect(foreign).toMatchObject({ status: 403, body: { code: 'origin_not_allowed' } });
    expect(foreign.headers.get('access-control-allow-origin')).toBeNull();
  });

  it('answer preflights of listed origins only', async () => {
    const { ask } = openTestTallykit({ embed: { ...embed, origins: ['https://app.example.com'] } });
    const preflight = (origin: string) =>
      ask('OPTIONS /v1/insights/token-spend', {
        headers: {
          origin,
          'access-control-request-method': 'GET',
          'access-control-request-headers': 'authorization',
        },
      });
    const allowed = await preflight('https://app.example.com');
    expect(allowed.status).toBe(204);
    expect(allowed.headers.get('access-control-allow-origin')).toBe('https://app.example.com');
    expect(allowed.headers.get('access-control-allow-headers')).toContain('authorization');
    const refused = await preflight('https://evil.example');
    expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([403, null]);
  });

  it('say so when embedding is not configured', async () => {
    const { ask } = openTestTallykit();
    expect(await ask('POST /v1/embed-sessions', { as: operator, body: admin })).toMatchObject({
      status: 501,
      body: { code: 'embedding_not_configured' },
    });
  });
});

describe('the audit trail', () => {
  it('holds denials and writes, with who and what and without the query', async () => {
    const { ask, storage, clock } = openTestTallykit();
    await ask('GET /v1/insights/token-spend?from=secret', { as: member });
    await ask('GET /v1/insights/token-spend?customerId=rival', { as: admin });
    await ask('PUT /v1/ledger/customers', {
      as: operator,
      body: { customers: [{ id: 'acme', name: 'Acme' }] },
    });
    const trail = await storage
      .forOrganization({ organizationId: 'default', subject: 'test' })
      .auditTrail(10);
    const target = 'GET /v1/insights/{id}';
    const denied = { action: 'access.denied', target, outcome: 'denied', at: clock.now() };
    expect(trail).toHaveLength(3);
    expect(trail).toEqual(
      expect.arrayContaining([
        { ...denied, subject: 'bob', role: 'customer_member', code: 'role_denied' },
        { ...denied, subject: 'ada', role: 'customer_admin', code: 'customer_not_allowed' },
        {
          at: clock.now(),
          subject: 'ops',
          role: 'operator',
          action: 'customers.put',
          target: 'PUT /v1/ledger/customers',
          outcome: 'allowed',
          code: null,
        },
      ]),
    );
  });
});

describe('the development clock', () => {
  it('is there on development servers only', async () => {
    const { ask } = openTestTallykit();
    const body = { now: '2026-12-01T00:00:00Z' };
    expect((await ask('PUT /v1/dev/clock', { as: operator, body })).status).toBe(404);

    const development = openTestTallykit({ developmentClock: createDevClock() });
    const moved = await development.ask<{ now: string }>('PUT /v1/dev/clock', { body });
    expect(moved.body.now).toMatch(/^2026-12-01T00:00:0/);
    const back = await development.ask<{ now: string }>('PUT /v1/dev/clock', { body: { now: null } });
    expect(Math.abs(Date.parse(back.body.now) - Date.now())).toBeLessThan(5000);
  });
});

describe('closing', () => {
  it('answers 503 afterwards and closes once', async () => {
    const { tallykit, ask } = openTestTallykit();
    await tallykit.ready();
    await Promise.all([tallykit.close(), tallykit.close()]);
    const refused = await ask('GET /v1/session', { as: operator });
    expect(refused).toMatchObject({ status: 503, body: { code: 'shutting_down' } });
    expect(refused.headers.get('retry-after')).toBe('2');
    expect(await ask('GET /readyz')).toMatchObject({
      status: 503,
      body: { ready: false, reason: 'shutting_down' },
    });
    expect((await ask('GET /healthz')).status).toBe(200);
  });

  it('waits for requests that have begun', async () => {
    const { tallykit, ask, key } = openTestTallykit();
    const token = await key({ kind: 'ingest' });
    const sent = ask<IngestAnswer>('POST /v1/events', { token, body: noEvents });
    await tallykit.close();
    expect((await sent).status).toBe(200);
  });

  it('lets the store go when it never started', async () => {
    const storage = referenceStorage();
    const tallykit = createTallykit({ storage });
    await tallykit.close();
    expect((await storage.health()).ready).toBe(false);
  });
});

describe('starting', () => {
  it('is tried again after a failure, and says nothing of why to callers', async () => {
    const storage = referenceStorage();
    let isAway = true;
    const { ask } = openTestTallykit({
      storage: {
        ...storage,
        migrate: async (mode) => {
          if (isAway) throw new StorageError('unavailable', 'connect ECONNREFUSED 10.0.0.7:5432');
          return storage.migrate(mode);
        },
      },
    });
    const refused = await ask('GET /v1/session', { as: operator });
    expect(refused).toMatchObject({ status: 503, body: { code: 'store_unavailable' } });
    expect(JSON.stringify(refused.body)).not.toContain('10.0.0.7');
    expect(await ask('GET /readyz')).toMatchObject({ status: 503, body: { reason: 'unavailable' } });
    isAway = false;
    expect((await ask('GET /readyz')).status).toBe(200);
    expect((await ask('GET /v1/session', { as: operator })).status).toBe(200);
  });
});
