import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from 'vitest';
import { callAt } from './build-events.ts';
import { writtenAt, ownFigures } from './own-figures.ts';
import { expectProblem, type OpenServer } from './open-server.ts';

const now = writtenAt;
const earlier = '2027-03-31T09:10:00.000Z';
const gzip = { 'content-encoding': 'gzip' };
const json = (events: readonly unknown[]): string => JSON.stringify({ protocol: 1, sentAt: now, events });

/** Requests that cannot be read at all, or come without the right to send them. */
export function describeBadRequests(opened: () => OpenServer): void {
  let server: OpenServer;
  beforeAll(() => {
    server = opened();
  });

  const { newCustomer, figures } = ownFigures(() => server);

  describe('as a whole request', () => {
    const post = (body: unknown, headers: Readonly<Record<string, string>> = {}) =>
      server.ask('POST /v1/events', { token: server.ingestKey, body, headers });
    const bytes = (text: string): Uint8Array => gzipSync(text);

    test.each([
      ['that is larger than the limit', () => ' '.repeat(9 * 1024 * 1024), {}, 413, 'body_too_large'],
      [
        'that is a gzip bomb',
        () => gzipSync(Buffer.alloc(64 * 1024 * 1024, ' ')),
        gzip,
        413,
        'body_too_large',
      ],
      [
        'with more events than one may hold',
        () => json(Array.from({ length: 2001 }, () => 0)),
        {},
        413,
        'too_many_events',
      ],
      [
        'whose gzip is cut short',
        () => bytes(json([callAt(earlier)])).subarray(0, -30),
        gzip,
        400,
        'body_truncated',
      ],
      ['that only claims to be gzip', () => json([]), gzip, 400, 'body_not_gzip'],
      [
        'in another compression',
        () => json([]),
        { 'content-encoding': 'br' },
        415,
        'content_encoding_unknown',
      ],
      ['of another type', () => json([]), { 'content-type': 'text/plain' }, 415, 'content_type_not_json'],
      ['that is no JSON', () => '{"protocol":1,', {}, 400, 'body_not_json'],
      ['that is not UTF-8', () => Buffer.from([0x22, 0xff, 0x22]), {}, 400, 'body_not_json'],
      ['without a body', () => undefined, { 'content-type': 'application/json' }, 400, 'body_missing'],
      [
        'of another protocol',
        () => ({ protocol: 2, sentAt: now, events: [] }),
        {},
        400,
        'unsupported_protocol',
      ],
      [
        'with an unknown key',
        () => ({ protocol: 1, sentAt: now, events: [], customerId: 'x' }),
        {},
        400,
        'invalid_request',
      ],
      ['without events', () => ({ protocol: 1, sentAt: now }), {}, 400, 'invalid_request'],
      ['that is a list', () => [callAt(earlier)], {}, 400, 'invalid_request'],
    ])('one %s is refused with advice', async (...[, body, headers, status, code]) => {
      expectProblem(await post(body(), headers as Record<string, string>), status, code);
    });

    test('names the part of an envelope that is wrong', async () => {
      const answer = await post({
        protocol: 1,
        sentAt: 'today',
        events: [],
        losses: [{ reason: 'queue_full', count: -1 }],
      });
      expect(answer.body.errors?.map(({ pointer }) => pointer)).toEqual(['/sentAt', '/losses/0/count']);
    });

    test('does not repeat what was sent in its problem', async () => {
      const answer = await post('{"events": ["sk-canary-7319-in-broken-json');
      expect(answer.text).not.toContain('canary');
    });

    test('that breaks off leaves nothing behind, and the next one lands', async () => {
      const customerId = newCustomer();
      const body = json([callAt(earlier, { customerId })]);
      const { hostname, port } = new URL(server.endpoint);
      await new Promise<void>((resolve, reject) => {
        const socket = connect(Number(port), hostname, () => {
          socket.write(
            `POST /v1/events HTTP/1.1\r\nhost: ${hostname}\r\nauthorization: Bearer ${server.ingestKey}\r\n` +
              `content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body.slice(0, -5)}`,
            () => socket.destroy(),
          );
        });
        socket.once('close', () => resolve());
        socket.once('error', reject);
      });
      expect(await figures(customerId)).toMatchObject({ calls: 0 });
      await server.send([callAt(earlier, { customerId })]);
      expect(await figures(customerId)).toMatchObject({ calls: 1 });
    });

    test('of exactly the most events lands whole', async () => {
      const customerId = newCustomer();
      const events = Array.from({ length: 2000 }, () => callAt(earlier, { customerId }));
      expect(await server.send(events)).toEqual({ accepted: 2000, duplicates: 0, problems: [] });
      expect(await figures(customerId)).toMatchObject({ calls: 2000, total_tokens: 240_000, cost: '0.054' });
    });
  });

  describe('credentials', () => {
    const body = json([callAt(earlier)]);

    test.each([
      ['no credentials', {}],
      ['a wrong key', { token: 'tk_ingest_wrongwrongwrongwrongwrong' }],
      ['something that is no key', { token: 'x' }],
      ['another scheme', { headers: { authorization: 'Basic dXNlcjpwYXNz' } }],
    ])('%s are answered with 401 and how to get some', async (_name, credentials) => {
      const answer = await server.ask('POST /v1/events', { ...credentials, body });
      expectProblem(answer, 401, 'unauthenticated');
      expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/);
    });

    test('a key works until it is revoked', async () => {
      const { key, secret } = await server.key({ name: 'to be revoked' });
      await server.send([callAt(earlier)], secret);
      const revoked = await server.ask(`DELETE /v1/keys/${key.id}`, { as: 'operator' });
      expect(revoked.status, revoked.text).toBeLessThan(300);
      expectProblem(await server.ask('POST /v1/events', { token: secret, body }), 401, 'unauthenticated');
    });

    test('an ingest key can send events and do nothing else', async () => {
      for (const route of [
        'GET /v1/datasets',
        'GET /v1/insights/token-spend',
        'GET /v1/keys',
        'GET /v1/prices',
      ]) {
        expectProblem(await server.ask(route, { token: server.ingestKey }), 403, 'ingest_key_only');
      }
    });

    test('a key bound to one customer refuses events of another, and gives its own to those that name none', async () => {
      const [own, other] = [newCustomer(), newCustomer()];
      const { secret } = await server.key({ customerId: own });
      const events = [
        callAt(earlier),
        callAt(earlier, { customerId: other }),
        callAt(earlier, { customerId: own }),
      ];
      const answer = await server.send(events, secret);
      expect(answer).toMatchObject({
        accepted: 2,
        problems: [{ index: 1, outcome: 'rejected', code: 'customer_not_allowed', pointer: '/customerId' }],
      });
      expect(answer.problems[0]?.detail).toMatch(/key/);
      expect(await figures(own)).toMatchObject({ calls: 2 });
      expect(await figures(other)).toMatchObject({ calls: 0 });
    });
  });

  test('questions that make no sense are refused, none of them by a failure', async () => {
    const wrong: readonly (readonly [string, number])[] = [
      ['/v1/calls/%E0%A4%A', 404],
      ['/v1/calls/%00', 404],
      ['/v1/traces/zzz', 404],
      ['/v1/insights/__proto__', 404],
      ['//v1/insights/token-spend', 404],
      ['/v1/insights/token-spend?customerId=%00', 400],
      [`/v1/insights/token-spend?customerId=${'x'.repeat(300)}`, 400],
      ['/v1/insights/token-spend?environment=%00', 400],
      ['/v1/insights/usage-over-time?filter=flow:eq:%00', 400],
      ['/v1/insights/usage-over-time?grain=hour&from=1990-01-01T00:00:00Z', 400],
      ['/v1/insights/revenue-hero?month=2027-13', 400],
      ['/v1/prices?cursor=xyz', 400],
      ['/v1/prices?limit=0', 400],
    ];
    for (const [path, status] of wrong) {
      const answer = await server.ask(`GET ${path}`, { as: 'operator' });
      expect([path, answer.status]).toEqual([path, status]);
      expectProblem(answer, status, answer.body.code);
    }
    const query = 'POST /v1/datasets/token_usage/query';
    const half = '{"measures":["calls"],"asCustomer":"x\\ud800"}';
    expectProblem(await server.ask(query, { as: 'operator', body: half }), 400, 'invalid_customer');
    const deep = `{"measures":${'['.repeat(200_000)}${']'.repeat(200_000)}}`;
    expectProblem(await server.ask(query, { as: 'operator', body: deep }), 400, 'invalid_request');
  });
}
