import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import type { CallAnswer, IngestAnswer, IngestProblem } from '@tallykit/protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { callAt, idAt, type Sent } from './build-events.ts';
import { expectProblem, openServer, type OpenServer } from './open-server.ts';
import { engines } from './stores.ts';

const now = '2027-03-31T10:42:00.000Z';
const earlier = '2027-03-31T09:10:00.000Z';
const json = (events: readonly unknown[]): string => JSON.stringify({ protocol: 1, sentAt: now, events });
const gzip = { 'content-encoding': 'gzip' };

const { usage: _usage, ...withoutUsage } = callAt(earlier);
const badEvents: readonly (readonly [string, unknown, IngestProblem['code'], string])[] = [
  ['a key of no kind, such as a prompt', { prompt: 'hello' }, 'unknown_key', '/prompt'],
  ['a token bucket that is none', { usage: { input: 1, thoughts: 2 } }, 'unknown_key', '/usage/thoughts'],
  ['a number that is text', { durationMs: 'fast' }, 'invalid_event', '/durationMs'],
  ['a number with a fraction', { durationMs: 1.5 }, 'invalid_event', '/durationMs'],
  ['a number beyond exact counting', { usage: { input: 1e300 } }, 'invalid_event', '/usage/input'],
  ['null for a number', { usage: { output: null } }, 'invalid_event', '/usage/output'],
  ['negative tokens', { usage: { input: -5 } }, 'invalid_event', '/usage/input'],
  [
    'money with an exponent',
    { statedCost: { amount: '1e9', currency: 'USD' } },
    'invalid_event',
    '/statedCost/amount',
  ],
  ['an unknown kind', { kind: 'gossip' }, 'unknown_kind', '/kind'],
  ['an id that is no time', { id: '9b2fdc1e-7b0a-4c60-9d75-0f3a3e1b2c4d' }, 'invalid_event', '/id'],
  ['a trace id of zeros', { traceId: '0'.repeat(32) }, 'invalid_event', '/traceId'],
  ['a start before raw events are kept', { id: idAt('2026-12-01T00:00:00Z') }, 'time_out_of_range', '/id'],
  ['a start in two days', { id: idAt('2027-04-02T10:42:00Z') }, 'time_out_of_range', '/id'],
  ['a whole document in a field', { flow: 'x'.repeat(100_000) }, 'event_too_large', ''],
  [
    'seventeen tags',
    { tags: Object.fromEntries(Array.from({ length: 17 }, (_, n) => [`t${n}`, 'v'])) },
    'invalid_event',
    '/tags',
  ],
];

describe.each(engines)('bad input on $engine', ({ fresh }) => {
  let server: OpenServer;
  beforeAll(async () => {
    server = await openServer(fresh, { now });
  });
  afterAll(() => server?.close());

  let customers = 0;
  const newCustomer = (): string => `customer-${++customers}`;
  async function figures(customerId: string) {
    await server.caughtUp();
    const measures = ['calls', 'total_tokens', 'cost', 'pending_calls'];
    const [row] = await server.rows({ measures, asCustomer: customerId });
    return row ?? { calls: 0, total_tokens: null, cost: null, pending_calls: 0 };
  }

  describe('in one batch with good events', () => {
    const customerId = 'batch';
    const bad = badEvents.map(([, changes]) => ({
      ...callAt(earlier, { customerId }),
      ...(changes as Sent),
    }));
    const noObjects = [null, [], 'call', { flow: 'x' }];
    let answer: IngestAnswer;
    beforeAll(async () => {
      const events = [...bad, ...noObjects].flatMap((event) => [
        event as Sent,
        callAt(earlier, { customerId }),
      ]);
      answer = await server.send(events);
    });

    test.each(badEvents.map(([name, , code, pointer], place) => ({ name, code, pointer, place })))(
      'one with $name is refused by name',
      ({ code, pointer, place }) => {
        expect(answer.problems.filter(({ index }) => index === 2 * place)).toEqual([
          {
            index: 2 * place,
            id: bad[place]?.id,
            outcome: 'rejected',
            code,
            pointer,
            detail: expect.stringMatching(/^[A-Z"].{8,}\.$/),
          },
        ]);
      },
    );

    test('what is no event at all is refused by its place', () => {
      const others = answer.problems.filter(({ index }) => index >= 2 * bad.length);
      expect(others.map(({ id, outcome, code }) => [id, outcome, code])).toEqual([
        [null, 'rejected', 'invalid_event'],
        [null, 'rejected', 'invalid_event'],
        [null, 'rejected', 'invalid_event'],
        [null, 'rejected', 'unknown_kind'],
      ]);
    });

    test('every good one lands and counts', async () => {
      const good = bad.length + noObjects.length;
      expect(answer).toMatchObject({ accepted: good, duplicates: 0 });
      expect(answer.problems).toHaveLength(good);
      expect(await figures(customerId)).toMatchObject({
        calls: good,
        total_tokens: 120 * good,
        pending_calls: 0,
      });
    });
  });

  test('every fault of an event is told at once', async () => {
    const bad = { ...callAt(earlier), durationMs: -1, prompt: 'x', answer: 'y', usage: { input: -1 } };
    const { problems } = await server.send([bad]);
    expect(problems.map(({ pointer }) => pointer).toSorted()).toEqual([
      '/answer',
      '/durationMs',
      '/prompt',
      '/usage/input',
    ]);
  });

  test('a clock up to a day ahead lands with a warning and counts when it was received', async () => {
    const customerId = newCustomer();
    const event = callAt('2027-03-31T22:00:00Z', { customerId });
    const answer = await server.send([event, callAt(earlier, { customerId })]);
    expect(answer).toMatchObject({
      accepted: 2,
      problems: [{ index: 0, outcome: 'warning', code: 'clock_ahead', pointer: '/id' }],
    });
    await server.caughtUp();
    const rows = await server.rows({
      measures: ['calls'],
      dimensions: ['time'],
      grain: 'hour',
      asCustomer: customerId,
    });
    expect(rows).toEqual([
      { time: '2027-03-31T09:00:00.000Z', calls: 1 },
      { time: '2027-03-31T10:00:00.000Z', calls: 1 },
    ]);
  });

  test('a tag like a credential is removed with a warning that does not repeat it, and its call lands', async () => {
    const customerId = newCustomer();
    const tags = [
      ['note', 'sk-proj-canary0123456789abcdefgh', '/tags/note'],
      ['authorization', 'Basic dXNlcjpjYW5hcnk=', '/tags/authorization'],
      ['session/cookie', 'canary=0123456789', '/tags/session~1cookie'],
      ['ghp_canary0123456789abcdefghij', 'no', '/tags/ghp_canary0123456789abcdefghij'],
    ] as const;
    const events = tags.map(([key, value]) =>
      callAt(earlier, { customerId, tags: { [key]: value, plan: 'gold' } }),
    );
    const answer = await server.send(events);
    expect(answer.accepted).toBe(4);
    expect(answer.problems).toMatchObject(
      tags.map(([, , pointer], index) => ({ index, outcome: 'warning', code: 'tag_removed', pointer })),
    );
    for (const [, value] of tags.slice(0, 3)) expect(JSON.stringify(answer)).not.toContain(value);
    for (const { id } of events) {
      const call = await server.ask<CallAnswer>(`GET /v1/calls/${id}`, { as: 'operator' });
      expect(call.body.call.tags).toEqual({ plan: 'gold' });
    }
    expect(await figures(customerId)).toMatchObject({ calls: 4, cost: '0.000108' });
  });

  test('a repeated event is a duplicate and counts once, however it is repeated', async () => {
    const customerId = newCustomer();
    const event = callAt(earlier, { customerId, statedCost: { amount: '1.5', currency: 'USD' } });
    const rewritten = { ...event, statedCost: { currency: 'USD', amount: '1.500' } };
    expect(await server.send([event, event])).toMatchObject({ accepted: 1, duplicates: 1, problems: [] });
    expect(await server.send([rewritten])).toEqual({ accepted: 0, duplicates: 1, problems: [] });
    const batch = Array.from({ length: 50 }, () => callAt(earlier, { customerId }));
    const answers = await Promise.all(Array.from({ length: 6 }, () => server.send(batch)));
    expect(answers.reduce((sum, { accepted }) => sum + accepted, 0)).toBe(50);
    expect(answers.reduce((sum, { duplicates }) => sum + duplicates, 0)).toBe(250);
    expect(await figures(customerId)).toMatchObject({ calls: 51, total_tokens: 51 * 120 });
  });

  test('another body under the same id is a conflict, and the first one stays', async () => {
    const customerId = newCustomer();
    const event = callAt(earlier, { customerId });
    await server.send([event]);
    const answer = await server.send([
      { ...event, usage: { input: 9_999 } },
      callAt(earlier, { customerId }),
    ]);
    expect(answer).toMatchObject({
      accepted: 1,
      duplicates: 0,
      problems: [
        {
          index: 0,
          id: event.id,
          outcome: 'conflict',
          code: 'id_conflict',
          detail: expect.stringMatching(/\.$/),
        },
      ],
    });
    const clash = callAt(earlier, { customerId });
    expect(await server.send([clash, { ...clash, durationMs: 1 }])).toMatchObject({
      accepted: 1,
      problems: [{ index: 1, outcome: 'conflict', code: 'id_conflict' }],
    });
    expect(await figures(customerId)).toMatchObject({ calls: 3, total_tokens: 360 });
  });

  test('a second sighting of one response lands with a warning and never counts', async () => {
    const customerId = newCustomer();
    const responseId = `resp-${customerId}`;
    const first = callAt(earlier, { customerId, responseId });
    await server.send([first]);
    const second = callAt(earlier, { customerId: `${customerId}-other`, responseId });
    const answer = await server.send([second, callAt(earlier, { customerId })]);
    expect(answer).toMatchObject({
      accepted: 2,
      problems: [
        { index: 0, outcome: 'warning', code: 'response_superseded', detail: expect.stringMatching(/\.$/) },
      ],
    });
    const twins = ['a', 'b'].map((flow) =>
      callAt(earlier, { customerId, flow, responseId: `twin-${customerId}` }),
    );
    expect((await server.send(twins)).problems).toMatchObject([{ index: 1, code: 'response_superseded' }]);
    expect(await figures(customerId)).toMatchObject({ calls: 3, total_tokens: 360, cost: '0.000081' });
    expect(await figures(`${customerId}-other`)).toMatchObject({ calls: 0 });
    const seen = await server.ask<CallAnswer>(`GET /v1/calls/${second.id}`, { as: 'operator' });
    expect(seen.body).toMatchObject({ call: { supersededBy: first.id }, cost: { state: 'not_counted' } });
  });

  test('a second sighting supplies the usage that the first one lacked, once', async () => {
    const customerId = newCustomer();
    const responseId = `resp-${customerId}`;
    const first = {
      ...withoutUsage,
      id: idAt(earlier),
      callId: `c-${customerId}`,
      customerId,
      flow: 'first',
      responseId,
    };
    await server.send([first]);
    expect(await figures(customerId)).toEqual({ calls: 1, total_tokens: null, cost: null, pending_calls: 1 });
    const sightings = [1, 2].map(() => callAt(earlier, { customerId, flow: 'second', responseId }));
    for (const sighting of sightings) await server.send([sighting]);
    expect(await figures(customerId)).toEqual({
      calls: 1,
      total_tokens: 120,
      cost: '0.000027',
      pending_calls: 0,
    });
    const rows = await server.rows({
      measures: ['calls', 'total_tokens'],
      dimensions: ['flow'],
      asCustomer: customerId,
    });
    expect(rows).toEqual([{ flow: 'first', calls: 1, total_tokens: 120 }]);
    const { body } = await server.ask<CallAnswer>(`GET /v1/calls/${first.id}`, { as: 'operator' });
    expect(body.call.usage).toEqual({ input: 100, output: 20 });
    expect(body.cost).toMatchObject({ state: 'priced', charge: { amount: '0.000027', currency: 'USD' } });
    expect(body.entries.map(({ kind }) => kind)).toEqual(['pending', 'priced']);
  });

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
    ])('one %s is refused with advice', async (_name, body, headers, status, code) => {
      expectProblem(await post(body(), headers as Record<string, string>), status, code);
    });

    test('names the part of an envelope that is wrong', async () => {
      const answer = await post({
        protocol: 1,
        sentAt: 'today',
        events: [],
        losses: [{ reason: 'tired', count: 1 }],
      });
      expect(answer.body.errors?.map(({ pointer }) => pointer)).toEqual(['/sentAt', '/losses/0/reason']);
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
});
