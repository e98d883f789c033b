import type { CallAnswer, IngestAnswer, IngestProblem } from '@tallykit/protocol';
import { beforeAll, describe, expect, test } from 'vitest';
import { callAt, idAt, type Sent } from './build-events.ts';
import { ownFigures } from './own-figures.ts';
import type { OpenServer } from './open-server.ts';

const earlier = '2027-03-31T09:10:00.000Z';

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

/** Events with something wrong in them, among others that are right. */
export function describeBadEvents(opened: () => OpenServer): void {
  let server: OpenServer;
  beforeAll(() => {
    server = opened();
  });

  const { newCustomer, figures } = ownFigures(() => server);

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

  test('an event nested deeper than can be written does not take its neighbours with it', async () => {
    const customerId = newCustomer();
    const deep = '['.repeat(200_000) + ']'.repeat(200_000);
    const good = (): string => JSON.stringify(callAt(earlier, { customerId }));
    const bad = [`{"kind":"llm_call","id":"${idAt(earlier)}","flow":${deep}}`, deep];
    const body = `{"protocol":1,"sentAt":"${earlier}","events":[${[bad[0], good(), bad[1], good()].join(',')}]}`;
    const answer = await server.ask<IngestAnswer>('POST /v1/events', { token: server.ingestKey, body });
    expect(answer.body).toMatchObject({
      accepted: 2,
      problems: [
        { index: 0, code: 'event_too_large' },
        { index: 2, code: 'invalid_event' },
      ],
    });
  });

  test('ids and texts that databases stumble over land as they are', async () => {
    const odd = `o"b\\c{},'%_;-- null \u2028 é \u{1f98a} ${newCustomer()}`;
    const tags = { 'nul\u0000': 'a\u0000b', half: 'a\ud800b' };
    const event = callAt(earlier, { customerId: odd, flow: odd, productId: 'NULL', tags });
    expect(await server.send([event, callAt(earlier, { customerId: odd.toUpperCase(), flow: 'b' })])).toEqual(
      {
        accepted: 2,
        duplicates: 0,
        problems: [],
      },
    );
    expect(await figures(odd)).toMatchObject({ calls: 1 });
    const rows = await server.rows({ measures: ['calls'], dimensions: ['flow'], asCustomer: odd });
    expect(rows).toEqual([{ flow: odd, calls: 1 }]);
    const call = await server.ask<CallAnswer>(`GET /v1/calls/${event.id}`, { as: 'operator' });
    expect(call.body.call.tags['nul\u0000']).toBe('a\u0000b');
    for (const wildcard of ['%', '_', 'b_c', `b\\c`]) {
      const filters = [{ field: 'flow', operator: 'contains' as const, values: [wildcard] }];
      const found = await server.rows({ measures: ['calls'], filters, asCustomer: odd });
      expect([wildcard, found[0]?.['calls'] ?? 0]).toEqual([wildcard, wildcard === 'b_c' ? 0 : 1]);
    }
  });

  test('several sightings at once count once, and those of two providers by themselves', async () => {
    const customerId = newCustomer();
    const responseId = `resp-${customerId}`;
    const silent = { ...withoutUsage, id: idAt(earlier), callId: 'silent', customerId, responseId };
    const sightings = Array.from({ length: 8 }, () => callAt(earlier, { customerId, responseId }));
    await Promise.all([silent, ...sightings].map((event) => server.send([event])));
    expect(await figures(customerId)).toEqual({
      ...{ calls: 1, total_tokens: 120, cost: '0.000027', pending_calls: 0 },
    });
    await server.send([callAt(earlier, { customerId, responseId, provider: 'azure' })]);
    expect(await figures(customerId)).toMatchObject({ calls: 2, total_tokens: 240 });
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
}
