import { request } from 'node:http';
import type { EmbedSession, PricesAnswer, Problem, SessionAnswer } from '@tallykit/protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { idAt, newTraceId } from './build-events.ts';
import { expectProblem, openServer, type OpenServer } from './open-server.ts';
import { acmeCanary, ids, plantAccounts, plantedAt, providerCanary } from './plant-accounts.ts';
import { engines } from './stores.ts';

const now = '2027-03-31T10:42:00.000Z';
const owner = 'customer_admin:acme';
const rival = 'customer_admin:rival';
const member = 'customer_member:acme';

/** An operation of the surface as the server itself describes it. */
interface Operation {
  readonly method: string;
  readonly path: string;
}

async function operationsOf(server: OpenServer): Promise<readonly Operation[]> {
  const { body } = await server.ask<{ paths: Record<string, Record<string, unknown>> }>(
    'GET /v1/openapi.json',
  );
  return Object.entries(body.paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => ({ method: method.toUpperCase(), path })),
  );
}

const insights = ['token-spend', 'usage-over-time', 'revenue-hero', 'reconciliation-status'] as const;
const measures = [
  ...['total_tokens', 'prompt_tokens', 'completion_tokens', 'cost', 'charge', 'calls', 'errors'],
  ...['average_tokens_per_message', 'average_tokens_per_conversation', 'messages', 'conversations'],
  ...['pending_calls', 'list_cost', 'effective_cost', 'unattributed_calls'],
];
const dimensions = [
  'time',
  'flow',
  'customer',
  'product',
  'model',
  'provider',
  'configuration',
  'environment',
];
const queries: readonly object[] = [
  { measures },
  ...dimensions.map((dimension) => ({
    measures: ['calls', 'total_tokens', 'cost'],
    dimensions: [dimension],
  })),
  ...['flow', 'product', 'configuration', 'environment'].flatMap((field) => [
    { measures: ['calls'], filters: [{ field, operator: 'contains', values: [acmeCanary] }] },
    { measures: ['calls'], dimensions: [field], filters: [{ field, operator: 'notNull' }] },
  ]),
  {
    measures: ['calls'],
    dimensions: ['customer'],
    filters: [{ field: 'customer', operator: 'ne', values: ['rival'] }],
  },
];
const insightPaths = [
  ...insights.map((id) => `/v1/insights/${id}`),
  ...['model', 'provider', 'product', 'flow', 'configuration', 'customer'].map(
    (group) => `/v1/insights/usage-over-time?groupBy=${group}&top=20`,
  ),
  `/v1/insights/usage-over-time?filter=flow:contains:${acmeCanary}`,
  '/v1/insights/token-spend?filter=customer:ne:rival',
];

describe.each(engines)('who sees what on $engine', ({ fresh }) => {
  let server: OpenServer;
  let operations: readonly Operation[];
  let priceIds: readonly string[];

  beforeAll(async () => {
    server = await openServer(fresh, { now });
    operations = await operationsOf(server);
    await plantAccounts(server);
    const prices = await server.ask<PricesAnswer>('GET /v1/prices?model=gpt-4o-mini', { as: 'operator' });
    priceIds = prices.body.prices.map(({ id }) => id);
    expect(priceIds.length).toBeGreaterThan(1);
  });
  afterAll(() => server?.close());

  const filled = (path: string): string =>
    path
      .replace('/v1/insights/{id}', '/v1/insights/token-spend')
      .replace('/v1/datasets/{id}', '/v1/datasets/token_usage')
      .replace('/v1/customers/{id}', '/v1/customers/acme')
      .replace('{traceId}', ids.trace)
      .replace('{id}', ids.call);
  const pages = (): readonly string[] =>
    operations
      .filter((operation) => operation.method === 'GET' && !isOpen(operation))
      .map(({ path }) => filled(path));
  const isOpen = ({ path }: Operation): boolean => /^\/(healthz|readyz|v1\/openapi\.json)$/.test(path);
  const reads = ({ method, path }: Operation): boolean =>
    path === '/v1/datasets/{id}/query' ||
    (method === 'GET' && /^\/v1\/(insights|datasets|calls|traces|budgets|conversations)/.test(path));
  /** Reads of something that nobody has made under the id that is filled in. */
  const findsNothing = ({ path }: Operation): boolean =>
    ['/v1/budgets/{id}', '/v1/conversations/{id}'].includes(path);
  // OTLP refuses in its own words: a status of gRPC in place of a problem.
  const codeOf = ({ path }: Operation, code: string): string | number =>
    path === '/v1/otlp/v1/traces' ? (code === 'unauthenticated' ? 16 : 7) : code;
  /** What a host may let an admin do. */
  const isGrantable = ({ path }: Operation): boolean => /^\/v1\/(events$|budgets)/.test(path);

  test('nobody gets an answer without credentials, from any route but the open ones', async () => {
    expect(operations.length).toBeGreaterThan(20);
    for (const operation of operations.filter((each) => !isOpen(each))) {
      const route = `${operation.method} ${filled(operation.path)}`;
      const body = operation.method === 'GET' ? undefined : {};
      const answer = await server.ask(route, { body });
      expect([route, answer.status, answer.body.code]).toEqual([
        ...[route, 401],
        codeOf(operation, 'unauthenticated'),
      ]);
      expect(answer.text).not.toContain(acmeCanary);
    }
  });

  test('members of the account itself are denied everything but who they are', async () => {
    for (const operation of operations.filter((each) => !isOpen(each) && each.path !== '/v1/session')) {
      const route = `${operation.method} ${filled(operation.path)}`;
      const body = operation.method === 'GET' ? undefined : {};
      const answer = await server.ask(route, { as: member, body });
      expect([route, answer.status, answer.body.code]).toEqual([
        route,
        403,
        codeOf(operation, 'role_denied'),
      ]);
      expect(answer.text).not.toContain(acmeCanary);
    }
    const denied = await server.ask('GET /v1/insights/token-spend', { as: member });
    expectProblem(denied, 403, 'role_denied');
    const session = await server.ask<SessionAnswer>('GET /v1/session', { as: member });
    expect(session.body.permissions).toEqual([]);
  });

  test("a customer's admin may ask only what reads, and nothing that writes or shows the whole organization", async () => {
    for (const operation of operations.filter((each) => !isOpen(each) && each.path !== '/v1/session')) {
      const route = `${operation.method} ${filled(operation.path)}`;
      const body = operation.method === 'GET' ? undefined : { measures: ['calls'] };
      const answer = await server.ask(route, { as: owner, body });
      if (reads(operation)) {
        expect([route, answer.status]).toEqual([route, findsNothing(operation) ? 404 : 200]);
      } else {
        const code = isGrantable(operation) ? 'permission_missing' : 'operator_only';
        expect([route, answer.status, answer.body.code]).toEqual([route, 403, codeOf(operation, code)]);
      }
    }
  });

  test("another customer's admin finds not a byte of the account, whatever it asks", async () => {
    const answers = [...pages(), ...insightPaths].map(
      async (path) => (await server.ask(`GET ${path}`, { as: rival })).text,
    );
    const asked = queries.map(
      async (body) => (await server.ask('POST /v1/datasets/token_usage/query', { as: rival, body })).text,
    );
    const bytes = (await Promise.all([...answers, ...asked])).join('\n');
    expect(bytes).toContain('rival-flow');
    expect(bytes).not.toContain(acmeCanary);
    for (const id of Object.values(ids)) expect(bytes).not.toContain(`"id":"${id}"`);
    expect(bytes).not.toMatch(/87654\.?32|76543\.?21/);
  });

  test('calls and traces of others are answered like those that do not exist', async () => {
    for (const [foreign, unknown] of [
      [`/v1/calls/${ids.call}`, `/v1/calls/${idAt(plantedAt)}`],
      [`/v1/traces/${ids.trace}`, `/v1/traces/${newTraceId()}`],
    ]) {
      const [there, absent] = await Promise.all([
        server.ask(`GET ${foreign}`, { as: rival }),
        server.ask(`GET ${unknown}`, { as: rival }),
      ]);
      expectProblem(there, 404, 'not_found');
      const { instance: _there, ...first } = there.body;
      const { instance: _absent, ...second } = absent.body;
      expect(first).toEqual(second);
    }
  });

  test('a customer that is not the own one is refused wherever it is named, whether it exists or not', async () => {
    const query = { measures: ['calls'] };
    const filter = (value: string) => [{ field: 'customer', operator: 'eq', values: [value] }];
    for (const named of ['acme', 'nobody-at-all']) {
      for (const id of insights) {
        for (const parameter of ['customerId', 'asCustomer']) {
          const answer = await server.ask(`GET /v1/insights/${id}?${parameter}=${named}`, { as: rival });
          expectProblem(answer, 403, 'customer_not_allowed');
        }
      }
      const filtered = `GET /v1/insights/usage-over-time?filter=customer:eq:${named}`;
      expectProblem(await server.ask(filtered, { as: rival }), 403, 'customer_not_allowed');
      for (const body of [
        { ...query, asCustomer: named },
        { ...query, filters: filter(named) },
      ]) {
        const answer = await server.ask('POST /v1/datasets/token_usage/query', { as: rival, body });
        expectProblem(answer, 403, 'customer_not_allowed');
      }
      const path = `GET /v1/calls/${ids.call}?customerId=${named}`;
      expect((await server.ask(path, { as: rival })).status).toBe(403);
    }
    expect(
      await server.rows(
        { ...query, filters: [{ field: 'customer', operator: 'eq', values: ['rival'] }] },
        rival,
      ),
    ).toEqual([{ calls: 1 }]);
  });

  test('headers, cookies and a second parameter do not widen a scope', async () => {
    const tries: readonly (readonly [string, Record<string, string>])[] = [
      ['/v1/insights/token-spend', { 'x-customer-id': 'acme', cookie: 'customerId=acme' }],
      ['/v1/insights/token-spend?customerId=rival&customerId=acme', {}],
      ['/v1/insights/token-spend?customerid=acme', {}],
      ['/v1/insights/token-spend?customerId[]=acme', {}],
    ];
    for (const [path, headers] of tries) {
      const answer = await server.ask(`GET ${path}`, { as: rival, headers });
      if (answer.status === 200) expect(answer.text).toContain('"customerId":"rival"');
      else expect([400, 403]).toContain(answer.status);
      expect(answer.text).not.toContain(acmeCanary);
    }
  });

  test('the account itself finds neither provider ids, nor secrets of its tags, nor what its calls cost the vendor', async () => {
    const read = [
      ...pages(),
      ...[ids.pending, ids.failed].map((id) => `/v1/calls/${id}`),
      ...insightPaths,
    ].map(async (path) => (await server.ask(`GET ${path}`, { as: owner })).text);
    const asked = queries.map(
      async (body) => (await server.ask('POST /v1/datasets/token_usage/query', { as: owner, body })).text,
    );
    const bytes = (await Promise.all([...read, ...asked])).join('\n');
    expect(bytes).toContain(`${acmeCanary}-flow`);
    expect(bytes).not.toContain(providerCanary);
    expect(bytes).not.toContain('0.777777777777');
    expect(bytes).not.toMatch(/0\.987654|0\.0754321|0\.3054321/);
    // 100 x 0.0754321 + 20 x 0.3054321, a million each: what one call costs the vendor.
    expect(bytes).not.toContain('0.000013651852');
    for (const id of priceIds) expect(bytes).not.toContain(id);
    expect(bytes).not.toMatch(
      /"(list|effective|margin|listPriceId|effectivePriceId|lines|prices|rawUsage|providerIds)":/,
    );
    const operator = await server.ask(`GET /v1/calls/${ids.call}`, { as: 'operator' });
    expect(operator.text).toContain(`${providerCanary}-project`);
    expect(operator.text).toContain('"effective":"0.000013651852"');
    expect(operator.text).not.toContain(`${providerCanary}-cookie`);
    expect(operator.text).not.toContain(`sk-${providerCanary}`);
  });

  test("an operator who asks as a customer gets that customer's answer, to the byte that matters", async () => {
    for (const id of insights) {
      const own = await server.insight(id, {}, owner);
      const as = await server.insight(id, { asCustomer: 'acme' });
      expect({ ...as, freshness: null }).toEqual({ ...own, freshness: null });
    }
    const query = { measures, asCustomer: 'acme' };
    const answer = await server.ask('POST /v1/datasets/token_usage/query', { as: 'operator', body: query });
    expect(answer.text).not.toContain('0.000013651852');
  });

  test('withheld measures are left out and named, while the rest is answered', async () => {
    const body = { measures: ['calls', 'cost', 'list_cost', 'effective_cost'] };
    const answer = await server.ask<{ freshness: { withheld: string[] } }>(
      'POST /v1/datasets/token_usage/query',
      {
        as: owner,
        body,
      },
    );
    expect(answer.status).toBe(200);
    expect(answer.body.freshness.withheld).toEqual(['list_cost', 'effective_cost']);
    // Two of the three calls have a price: the list price, which is the charge.
    expect(await server.rows(body, owner)).toEqual([{ calls: 3, cost: '0.000054' }]);
  });

  test.each([
    [
      'ordering by',
      { measures: ['calls', 'list_cost'], orderBy: [{ field: 'list_cost', direction: 'asc' }] },
    ],
    [
      'ordering by',
      {
        measures: ['effective_cost'],
        dimensions: ['flow'],
        orderBy: [{ field: 'effective_cost', direction: 'desc' }],
      },
    ],
  ])('%s a withheld field is refused', async (_how, body) => {
    const answer = await server.ask('POST /v1/datasets/token_usage/query', { as: owner, body });
    expectProblem(answer, 403, 'field_withheld');
  });

  test('insights have no way to write', async () => {
    for (const id of insights) {
      for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
        const answer = await server.ask(`${method} /v1/insights/${id}`, { as: 'operator', body: {} });
        expectProblem(answer, 405, 'method_not_allowed');
        expect(answer.headers.get('allow')).toMatch(/GET/);
      }
    }
  });

  test('a page of elsewhere can neither pose as this machine nor write for somebody signed in', async () => {
    const { port } = new URL(server.endpoint);
    const headers = { host: 'evil.example', 'x-tallykit-dev-principal': 'operator' };
    const status = await new Promise((resolve, reject) => {
      const asked = request({ host: '127.0.0.1', port, path: '/v1/session', headers }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      });
      asked.on('error', reject).end();
    });
    expect(status).toBe(401);
    const body = { flows: [{ id: 'f', name: 'n' }] };
    const origin = { origin: 'https://evil.example' };
    const written = await server.ask('PUT /v1/ledger/flows', { as: 'operator', headers: origin, body });
    expectProblem(written, 403, 'cross_site_write');
  });

  test('answers are for nobody else to keep', async () => {
    for (const path of ['/v1/insights/token-spend', `/v1/calls/${ids.call}`, '/v1/session']) {
      const { headers } = await server.ask(`GET ${path}`, { as: owner });
      expect(headers.get('cache-control')).toMatch(/private.*no-store|no-store.*private/);
    }
  });

  describe('embed tokens', () => {
    const mint = async (input: object): Promise<EmbedSession> => {
      const body = { customerId: 'acme', subject: 'ada', role: 'customer_admin', ...input };
      const {
        status,
        text,
        body: session,
      } = await server.ask<EmbedSession>('POST /v1/embed-sessions', {
        as: 'operator',
        body,
      });
      expect(status, text).toBeLessThan(300);
      return session;
    };
    const spend = (token: string) => server.ask<Problem>('GET /v1/insights/token-spend', { token });

    test('let a page read its own customer and nobody else', async () => {
      const { token } = await mint({});
      const answer = await spend(token);
      expect([answer.status, answer.text.includes('"customerId":"acme"')]).toEqual([200, true]);
      expectProblem(
        await server.ask('GET /v1/insights/token-spend?customerId=rival', { token }),
        403,
        'customer_not_allowed',
      );
      expectProblem(await server.ask('GET /v1/prices', { token }), 403, 'operator_only');
      expectProblem(await server.ask('POST /v1/embed-sessions', { token, body: {} }), 403, 'operator_only');
      const limited = await mint({ widgets: ['usage-over-time'] });
      expectProblem(await spend(limited.token), 403, 'widget_not_allowed');
    });

    test('of members are denied', async () => {
      const { token } = await mint({ role: 'customer_member' });
      expectProblem(await spend(token), 403, 'role_denied');
    });

    test('that are forged, changed or unsigned are refused alike', async () => {
      const { token } = await mint({});
      const [head = '', claims = '', signature = ''] = token.split('.');
      const widened = JSON.parse(Buffer.from(claims, 'base64url').toString()) as Record<string, unknown>;
      const rivals = JSON.stringify(widened).replaceAll('acme', 'rival');
      const unsigned = Buffer.from(JSON.stringify({ alg: 'none', typ: 'JWT' })).toString('base64url');
      for (const forged of [
        `${head}.${Buffer.from(rivals).toString('base64url')}.${signature}`,
        `${unsigned}.${claims}.`,
        `${head}.${claims}.${signature.slice(0, -4)}AAAA`,
        token.slice(0, -10),
      ]) {
        expectProblem(await spend(forged), 401, 'unauthenticated');
      }
    });

    test('end with their time', async () => {
      const { token, expiresAt } = await mint({ minutes: 1 });
      expect(expiresAt).toMatch(/^2027-03-31T10:4[34]/);
      expect((await spend(token)).status).toBe(200);
      await server.moveClock('2027-03-31T10:45:00Z');
      expectProblem(await spend(token), 401, 'token_expired');
      await server.moveClock(now);
    });
  });
});
