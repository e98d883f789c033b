import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import { createClient, type ClientOptions } from './create-client.ts';
import type { ClientError } from './errors/client-error.ts';
import { isProblemError, type ProblemError } from './errors/problem-error.ts';
import { fixtureProblems } from './testing/handlers/problem-response.ts';
import { datasetAnswerFixture, datasetCatalogueFixture } from './testing/fixtures/datasets.ts';
import { readyFixture } from './testing/fixtures/service.ts';
import { sessionFixture } from './testing/fixtures/session.ts';
import { tokenSpendFixture } from './testing/fixtures/token-spend.ts';
import { usageOverTimeFixture } from './testing/fixtures/usage-over-time.ts';
import { sendJson, startTestServer, type TestServer } from './testing/start-test-server.ts';

const servers: TestServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function meet(answer: Parameters<typeof startTestServer>[0], options: Partial<ClientOptions> = {}) {
  const server = await startTestServer(answer);
  servers.push(server);
  const client = createClient({ baseUrl: server.baseUrl, retry: { delayMs: () => 1 }, ...options });
  return { client, server };
}

async function failureOf(promise: Promise<unknown>): Promise<ClientError> {
  const error: unknown = await promise.then(
    () => new Error('It did not fail.'),
    (thrown: unknown) => thrown,
  );
  return error as ClientError;
}

const unavailable = {
  type: 'about:blank',
  title: 'Unavailable',
  status: 503,
  code: 'store_busy',
  detail: 'Wait.',
};

describe('a request', () => {
  test('carries its parameters, the client name and the headers of the host', async () => {
    const { client, server } = await meet((response) => sendJson(response, tokenSpendFixture()), {
      clientName: 'deskwise-panel',
      headers: async () => ({ 'x-request-id': 'r1' }),
    });
    await client.insights.get('token-spend', { from: '2026-11-01T00:00:00Z', environment: undefined });
    expect(server.seen[0]).toMatchObject({
      method: 'GET',
      url: '/api/v1/insights/token-spend?from=2026-11-01T00%3A00%3A00Z',
      headers: { 'x-tallykit-client': 'deskwise-panel', 'x-request-id': 'r1', accept: 'application/json' },
    });
  });

  test('names a parameter once for each of its values', async () => {
    const { client, server } = await meet((response) => sendJson(response, usageOverTimeFixture()));
    const filter = ['flow:in:triage,reply', 'environment:eq:a&b'];
    await client.insights.get('usage-over-time', { month: '2026-11', filter, top: 3 });
    const { searchParams } = new URL(server.seen[0]?.url ?? '', server.baseUrl);
    expect([...searchParams]).toEqual([
      ['month', '2026-11'],
      ['filter', filter[0]],
      ['filter', filter[1]],
      ['top', '3'],
    ]);
  });

  test('escapes ids, so that none of them can reach another route', async () => {
    const { client, server } = await meet((response) =>
      sendJson(response, fixtureProblems.notFound, { status: 404 }),
    );
    await failureOf(client.calls.get('../prices?x=#y'));
    expect(server.seen[0]?.url).toBe('/api/v1/calls/..%2Fprices%3Fx%3D%23y');
    expect(await failureOf(client.calls.get('..'))).toBeInstanceOf(TypeError);
    expect(await failureOf(client.calls.get(''))).toBeInstanceOf(TypeError);
    expect(server.seen).toHaveLength(1);
  });

  test('sends JSON, as cookie-authenticated writes must', async () => {
    const { client, server } = await meet((response) => sendJson(response, { stored: 1, unchanged: 0 }));
    await client.ledger.putCustomers([{ id: 'cus_1', name: 'One' }]);
    expect(server.seen[0]).toMatchObject({
      method: 'PUT',
      body: '{"customers":[{"id":"cus_1","name":"One"}]}',
      headers: { 'content-type': 'application/json', 'x-tallykit-client': 'tallykit-client' },
    });
  });

  test('to a relative address outside of a page says what to do', async () => {
    const error = await failureOf(createClient({ baseUrl: '/api' }).session.get());
    expect(error.message).toContain('pass an absolute address');
  });

  test('keeps working behind a base URL that ends in a slash', async () => {
    const { server } = await meet((response) => sendJson(response, sessionFixture()));
    await createClient({ baseUrl: `${server.baseUrl}/` }).session.get();
    expect(server.seen[0]?.url).toBe('/api/v1/session');
  });
});

describe('an answer', () => {
  test('keeps fields that this client does not know yet', async () => {
    const { client } = await meet((response) =>
      sendJson(response, { ...tokenSpendFixture(), forecast: 'new' }),
    );
    expect(await client.insights.get('token-spend')).toHaveProperty('forecast', 'new');
  });

  test('of the wrong shape names the field', async () => {
    const { client } = await meet((response) =>
      sendJson(response, { ...tokenSpendFixture(), spend: [{ amount: 12.5, currency: 'USD' }] }),
    );
    const error = await failureOf(client.insights.get('token-spend'));
    expect(error).toMatchObject({
      kind: 'protocol',
      code: 'protocol_error',
      route: 'GET /v1/insights/{id}',
      pointer: '/spend/0/amount',
    });
    expect(error.message).toContain('in the field /spend/0/amount, string was expected and a number came.');
    expect(error.message).not.toContain('12.5');
  });

  test('that is the page of a proxy is no answer', async () => {
    const { client } = await meet((response) => {
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end('<!doctype html><title>Welcome</title>');
    });
    expect(await failureOf(client.datasets.list())).toMatchObject({ kind: 'protocol', pointer: '' });
    expect((await failureOf(client.datasets.list())).message).toContain('a page of HTML');
  });

  test('of JSON that was cut off is no answer', async () => {
    const whole = JSON.stringify(tokenSpendFixture());
    const { client } = await meet((response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(whole.slice(0, whole.length / 2));
    });
    expect(await failureOf(client.insights.get('token-spend'))).toMatchObject({ kind: 'protocol' });
  });

  test('whose connection breaks in the middle is a connection error', async () => {
    const { client } = await meet((response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '5000' });
      response.write('{"insight":');
      setTimeout(() => response.destroy(), 10);
    });
    expect(await failureOf(client.insights.get('token-spend'))).toMatchObject({ kind: 'connection' });
  });

  test('may be compressed', async () => {
    const { client } = await meet((response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
      response.end(gzipSync(JSON.stringify(datasetCatalogueFixture())));
    });
    expect((await client.datasets.list()).datasets[0]?.id).toBe('token_usage');
  });
});

describe('readiness', () => {
  test('is an answer also when the server cannot serve', async () => {
    const { client, server } = await meet((response) =>
      sendJson(response, { ...readyFixture(), ready: false, reason: 'schema_behind' }, { status: 503 }),
    );
    expect(await client.server.readiness()).toMatchObject({ ready: false, reason: 'schema_behind' });
    expect(server.seen).toHaveLength(1);
  });
});

describe('a refusal', () => {
  test('is a problem with code, status, detail and the parts that are wrong', async () => {
    const errors = [{ pointer: '/measures/0', detail: 'Unknown id.' }];
    const { client } = await meet((response) =>
      sendJson(
        response,
        {
          type: 'about:blank',
          title: 'Bad',
          status: 400,
          code: 'unknown_field',
          detail: 'No such field.',
          errors,
        },
        { status: 400, headers: { 'content-type': 'application/problem+json' } },
      ),
    );
    const error = await failureOf(client.datasets.query('token_usage', { measures: ['nope'] }));
    expect(isProblemError(error)).toBe(true);
    expect(error).toMatchObject({ code: 'unknown_field', status: 400, detail: 'No such field.', errors });
  });

  test('by a proxy that answers HTML says that no problem document came', async () => {
    const { client } = await meet(
      (response) => {
        response.writeHead(502, { 'content-type': 'text/html' });
        response.end('<html><body>Bad gateway</body></html>');
      },
      { retry: false },
    );
    const error = (await failureOf(client.session.get())) as ProblemError;
    expect(error).toMatchObject({ code: 'http_502', status: 502, title: 'Bad Gateway' });
    expect(error.detail).toContain('text/html');
    expect(error.message).not.toContain('Bad gateway</body>');
  });

  test('of a server that is away is a connection error', async () => {
    const { client, server } = await meet(() => undefined, { retry: false });
    await server.close();
    expect(await failureOf(client.session.get())).toMatchObject({
      kind: 'connection',
      code: 'connection_failed',
    });
  });
});

describe('a read', () => {
  test('is repeated when the server is busy', async () => {
    const { client, server } = await meet((response, _, index) =>
      index < 2 ? sendJson(response, unavailable, { status: 503 }) : sendJson(response, sessionFixture()),
    );
    await expect(client.session.get()).resolves.toMatchObject({ role: 'operator' });
    expect(server.seen).toHaveLength(3);
  });

  test('waits as long as the server asks', async () => {
    const times: number[] = [];
    const { client } = await meet((response, _, index) => {
      times.push(performance.now());
      if (index === 0) sendJson(response, unavailable, { status: 429, headers: { 'retry-after': '1' } });
      else sendJson(response, sessionFixture());
    });
    await client.session.get();
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThan(950);
  });

  test('is not repeated when the server asks for more patience than a page has', async () => {
    const { client, server } = await meet((response) =>
      sendJson(response, unavailable, { status: 503, headers: { 'retry-after': '3600' } }),
    );
    expect(await failureOf(client.session.get())).toMatchObject({ status: 503, retryAfterMs: 3_600_000 });
    expect(server.seen).toHaveLength(1);
  });

  test('that asks a dataset by POST is repeated too, with its body', async () => {
    const question = { measures: ['cost'] };
    const { client, server } = await meet((response, _, index) =>
      index === 0
        ? sendJson(response, unavailable, { status: 503 })
        : sendJson(response, datasetAnswerFixture({}, question)),
    );
    await client.datasets.query('token_usage', question);
    expect(server.seen.map(({ body }) => body)).toEqual(['{"measures":["cost"]}', '{"measures":["cost"]}']);
  });

  test('is repeated when the connection breaks before an answer', async () => {
    const { client, server } = await meet((response, _, index) =>
      index === 0 ? response.destroy() : sendJson(response, sessionFixture()),
    );
    await client.session.get();
    expect(server.seen).toHaveLength(2);
  });

  test.each([400, 403, 404, 500])('is not repeated upon %i', async (status) => {
    const { client, server } = await meet((response) =>
      sendJson(response, { ...fixtureProblems.failed, status }, { status }),
    );
    await failureOf(client.session.get());
    expect(server.seen).toHaveLength(1);
  });
});

describe('a write', () => {
  test.each([429, 503])('is never sent twice, not even upon %i', async (status) => {
    const { client, server } = await meet((response) =>
      sendJson(response, { ...unavailable, status }, { status }),
    );
    await failureOf(client.prices.settle({ dryRun: false }));
    await failureOf(client.embedSessions.create({ customerId: 'c', subject: 's', role: 'customer_admin' }));
    expect(server.seen).toHaveLength(2);
  });

  test('is never sent twice when the connection breaks', async () => {
    const { client, server } = await meet((response) => response.destroy());
    expect(await failureOf(client.customers.erase('cus_1'))).toMatchObject({ kind: 'connection' });
    expect(server.seen).toHaveLength(1);
  });
});

describe('waiting', () => {
  test('ends with the timeout when no answer comes', async () => {
    const { client } = await meet(() => undefined, { timeoutMs: 40 });
    expect(await failureOf(client.session.get())).toMatchObject({ kind: 'timeout', timeoutMs: 40 });
  });

  test('ends with the timeout when an answer never ends', async () => {
    const { client } = await meet(
      (response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.write('{');
      },
      { timeoutMs: 40 },
    );
    expect(await failureOf(client.session.get())).toMatchObject({ kind: 'timeout' });
  });

  test('ends at once on abort, with the reason of the caller', async () => {
    const { client } = await meet(() => undefined);
    const reason = new Error('left the page');
    const controller = new AbortController();
    const answer = failureOf(client.session.get({ signal: controller.signal }));
    setTimeout(() => controller.abort(reason), 20);
    expect(await answer).toBe(reason);
  });

  test('does not begin when the signal has fired before', async () => {
    const { client, server } = await meet((response) => sendJson(response, sessionFixture()));
    await failureOf(client.session.get({ signal: AbortSignal.abort() }));
    expect(server.seen).toHaveLength(0);
  });

  test('for a repetition ends on abort too', async () => {
    const { client, server } = await meet((response) =>
      sendJson(response, unavailable, { status: 503, headers: { 'retry-after': '10' } }),
    );
    const controller = new AbortController();
    const answer = failureOf(client.session.get({ signal: controller.signal }));
    setTimeout(() => controller.abort(new Error('enough')), 50);
    expect((await answer).message).toBe('enough');
    expect(server.seen).toHaveLength(1);
  });
});
