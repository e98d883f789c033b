import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Permission, Problem, TraceAnswer } from '@tallykit/protocol';
import { createTallykit, type Tallykit, type TallykitOptions } from '@tallykit/server-adapter';
import { postgres } from '@tallykit/server-adapter/engines/postgres';
import { toNodeListener } from '@tallykit/server-adapter/node';
import { createTracker } from '@tallykit/tracker-sdk';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestPostgres, referenceStorage, type TestPostgres } from '@tallykit/server-adapter/testing';
import { callAt, newTraceId } from './build-events.ts';

const startedAt = Date.now() - 3_600_000;
const traceId = newTraceId();
const models = { provider: 'canaryprovider', requestModel: 'canarymodel', responseModel: 'canarymodel-7' };
const event = callAt(startedAt, {
  ...models,
  customerId: 'acme',
  traceId,
  errorClass: 'CanaryproviderError',
});

const session = 'x-session';
const people: Readonly<Record<string, object>> = {
  operator: { subject: 'ops', role: 'operator' },
  admin: { subject: 'ada', role: 'customer_admin', customerId: 'acme' },
  // What a careless host might say of somebody.
  member: { subject: 'bob', role: 'customer_member', customerId: 'acme', permissions: ['analytics.view'] },
  ended: { subject: 'eve', role: 'operator', expiresAt: '2020-01-01T00:00:00Z' },
};
const authenticate: TallykitOptions['authenticate'] = (request) => {
  const name = request.headers.get(session) ?? '';
  return (people[name] ?? null) as Awaited<ReturnType<NonNullable<TallykitOptions['authenticate']>>>;
};

// What `tallykit serve` has no option for, set as a host sets it that mounts the handler itself.
describe('a host with settings of its own', () => {
  let database: TestPostgres;
  let tallykit: Tallykit;
  let server: Server;
  let endpoint = '';
  beforeAll(async () => {
    database = await createTestPostgres();
    tallykit = createTallykit({
      storage: postgres({ url: database.url }),
      migrate: 'auto',
      authenticate,
      basePath: '/',
      showProviderNames: false,
      charge: { basis: 'effective', markup: '0.25' },
    });
    await tallykit.ready();
    const listener = toNodeListener(tallykit);
    server = createServer((request, response) => void listener(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const rates = [
      { bucket: 'input', amount: '8' },
      { bucket: 'output', amount: '8' },
    ];
    const { provider, requestModel: model } = models;
    await ask('operator', 'PUT /v1/prices', { prices: [{ provider, model, rates }] });
    await tallykit.ingest({ protocol: 1, sentAt: new Date().toISOString(), events: [event] });
    await tallykit.tick();
  });
  afterAll(async () => {
    await new Promise((resolve) => server?.close(resolve));
    await tallykit?.close();
    await database?.drop();
  });

  async function ask(as: string, route: string, body?: object) {
    const [method = 'GET', path = '/'] = route.split(' ');
    const answer = await fetch(`${endpoint}${path}`, {
      method,
      headers: { [session]: as, 'content-type': 'application/json', 'x-tallykit-client': 'e2e' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, text, problem: JSON.parse(text) as Problem };
  }
  const query = 'POST /v1/datasets/token_usage/query';
  const on = (field: string) => ({ field, operator: 'eq', values: ['canarymodel'] });

  test.each([
    ['grouping a chart by model', 'GET /v1/insights/usage-over-time?groupBy=model', undefined],
    ['grouping a chart by provider', 'GET /v1/insights/usage-over-time?groupBy=provider', undefined],
    ['filtering a chart by model', 'GET /v1/insights/usage-over-time?filter=model:eq:canarymodel', undefined],
    ['grouping rows by model', query, { measures: ['calls'], dimensions: ['model'] }],
    ['grouping rows by provider', query, { measures: ['calls'], dimensions: ['provider'] }],
    ['filtering rows by model', query, { measures: ['calls'], filters: [on('model')] }],
    ['filtering rows by provider', query, { measures: ['calls'], filters: [on('provider')] }],
  ])('%s is refused where names of providers are withheld', async (_what, route, body) => {
    const answer = await ask('admin', route, body);
    expect([answer.status, answer.problem.code]).toEqual([403, 'field_withheld']);
    expect(answer.problem.detail).toMatch(/not shown to you/);
    expect((await ask('operator', route, body)).status).toBe(200);
  });

  test('customers find neither name in any byte, and everything else is answered', async () => {
    const routes = [
      ...['token-spend', 'usage-over-time', 'reconciliation-status'].map((id) => `GET /v1/insights/${id}`),
      ...[`GET /v1/calls/${event.id}`, `GET /v1/traces/${traceId}`, 'GET /v1/datasets', 'GET /v1/session'],
    ];
    for (const route of routes) {
      const answer = await ask('admin', route);
      expect([route, answer.status]).toEqual([route, 200]);
      expect(answer.text).not.toMatch(/canary/i);
    }
    const call = await ask('admin', `GET /v1/calls/${event.id}`);
    expect(call.text).toContain('"withheld":["provider","requestModel","responseModel"');
    expect((await ask('operator', `GET /v1/calls/${event.id}`)).text).toContain('canarymodel-7');
  });

  test('customers are told the charge by the rule of the host, and never what it is made of', async () => {
    const own = await ask('admin', 'GET /v1/insights/token-spend');
    // 120 tokens at 8 a million, and a quarter on top.
    expect(own.text).toContain('"spend":[{"amount":"0.0012","currency":"USD"}]');
    expect(own.text).not.toContain('0.00096');
    const operator = await ask('operator', 'GET /v1/insights/token-spend');
    expect(operator.text).toContain('"spend":[{"amount":"0.00096","currency":"USD"}]');
  });

  test('a member stays denied, whatever the session of the host carries', async () => {
    const answer = await ask('member', 'GET /v1/insights/token-spend');
    expect([answer.status, answer.problem.code]).toEqual([403, 'role_denied']);
  });

  test('a session that has ended is nobody', async () => {
    expect((await ask('ended', 'GET /v1/insights/token-spend')).status).toBe(401);
  });

  test("a tracker in the host's own process joins the trace of the request that came in, or starts one", async () => {
    const tracker = createTracker({ transport: tallykit.ingest });
    const incoming = newTraceId();
    const record = (context: { readonly traceId: string }): string => {
      tracker.record({ provider: 'mistral', requestModel: 'small', operation: 'chat', usage: { input: 9 } });
      return context.traceId;
    };
    const joined = tracker.run(
      { customerId: 'acme', traceparent: `00-${incoming}-00f067aa0ba902b7-01` },
      record,
    );
    const started = tracker.run({ customerId: 'acme' }, record);
    await tracker.shutdown();
    expect(joined).toBe(incoming);
    expect(started).toMatch(/^(?!0{32})[0-9a-f]{32}$/);
    for (const [trace, parent] of [
      [joined, '00f067aa0ba902b7'],
      [started, null],
    ]) {
      const answer = await ask('operator', `GET /v1/traces/${trace}`);
      const { spans } = JSON.parse(answer.text) as TraceAnswer;
      expect(spans.map(({ kind, parentSpanId, tokens }) => [kind, parentSpanId, tokens])).toEqual([
        ['llm_call', parent, 9],
      ]);
    }
  });

  test('a setting that would let members see analytics does not start', () => {
    const leaves: readonly Permission[] = [
      'analytics.view',
      'reports.manage',
      'telemetry.view',
      'goals.view',
    ];
    for (const leaf of leaves) {
      const start = () => createTallykit({ storage: referenceStorage(), roles: { customer_member: [leaf] } });
      expect(start).toThrow(/can never hold a permission for analytics/);
    }
    expect(() =>
      createTallykit({ storage: referenceStorage(), roles: { customer_admin: ['pricing.manage'] } }),
    ).toThrow(/can never hold it/);
  });
});
