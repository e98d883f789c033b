import { ingestAnswerSchema, type UsageEvent } from '@tallykit/protocol';
import { expect, test } from 'vitest';
import type { CollectorAnswer } from '../delivery/__fixtures__/start-collector.ts';
import { startCollector } from '../delivery/__fixtures__/start-collector.ts';
import { createRelay, type RelayOptions } from './create-relay.ts';

const traceId = '0af7651916cd43dd8448eb211c80319c';
let last = 0;
const event = (more: object = {}): UsageEvent =>
  ({
    kind: 'telemetry',
    id: `018f0000-0000-7000-8000-${String(++last).padStart(12, '0')}`,
    traceId,
    name: 'panel_opened',
    ...more,
  }) as UsageEvent;

const post = (events: readonly unknown[], headers: Record<string, string> = {}, body?: string): Request =>
  new Request('https://host.example/api/usage', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: body ?? JSON.stringify({ protocol: 1, sentAt: new Date().toISOString(), events }),
  });

async function relaying(options: Partial<RelayOptions> = {}, answer?: () => CollectorAnswer) {
  const collector = await startCollector(answer);
  const relay = createRelay({
    endpoint: collector.endpoint,
    apiKey: 'tk_secret',
    attribute: () => ({ customerId: 'cus_1', userId: 'user_1' }),
    ...options,
  });
  return { collector, relay };
}

test('a relay with nowhere to send to says so at once', () => {
  expect(() => createRelay({ attribute: () => null })).toThrow(/endpoint or a transport/);
});

test('events of a page arrive with the key, and as those of whoever is signed in', async () => {
  const { collector, relay } = await relaying();
  const response = await relay(post([event({ customerId: 'cus_other', userId: 'admin', environment: 'x' })]));
  expect(response.status).toBe(200);
  expect(ingestAnswerSchema.parse(await response.json())).toMatchObject({ accepted: 1, problems: [] });
  const [{ headers, request } = { headers: {}, request: { events: [] } }] = collector.seen;
  expect(headers.authorization).toBe('Bearer tk_secret');
  expect(request.events).toMatchObject([{ customerId: 'cus_1', userId: 'user_1', name: 'panel_opened' }]);
  expect(request.events[0]).not.toHaveProperty('environment');
  await collector.close();
});

test('where the host names no customer, the page cannot name one', async () => {
  const { collector, relay } = await relaying({ attribute: () => ({}) });
  await relay(post([event({ customerId: 'cus_other' })]));
  expect(collector.seen[0]?.request.events[0]).not.toHaveProperty('customerId');
  await collector.close();
});

test('a page cannot send what costs or bills, and is told at the places of its own batch', async () => {
  const problem = { index: 1, id: null, outcome: 'warning', code: 'tag_removed', pointer: '', detail: '' };
  const { collector, relay } = await relaying({}, () => ({
    body: { accepted: 2, duplicates: 0, problems: [problem] } as never,
  }));
  const batch = [event({ kind: 'llm_call' }), event(), event({ kind: 'signal' }), event()];
  const response = await relay(post(batch));
  const { problems } = ingestAnswerSchema.parse(await response.json());
  expect(problems.map(({ index, outcome, code }) => [index, outcome, code])).toEqual([
    [0, 'rejected', 'kind_not_allowed'],
    [2, 'rejected', 'kind_not_allowed'],
    [3, 'warning', 'tag_removed'],
  ]);
  expect(collector.seen[0]?.request.events).toHaveLength(2);
  await collector.close();
});

test('the host may let other kinds pass', async () => {
  const { collector, relay } = await relaying({ kinds: ['signal'] });
  await relay(post([event({ kind: 'signal', name: 'clicked' })]));
  expect(collector.seen[0]?.request.events).toHaveLength(1);
  await collector.close();
});

test('nobody signed in is answered before the body is read', async () => {
  const { collector, relay } = await relaying({ attribute: () => null });
  const request = post([event()]);
  const response = await relay(request);
  expect(response.status).toBe(401);
  expect(await response.json()).toMatchObject({ code: 'unauthenticated' });
  expect(request.bodyUsed).toBe(false);
  expect(collector.seen).toHaveLength(0);
  await collector.close();
});

test.each([
  ['another method', new Request('https://host.example/', { method: 'GET' }), 405],
  ['a form of another site', post([], { 'content-type': 'text/plain' }), 415],
  ['a body that is no JSON', post([], {}, '{"events":'), 400],
  ['a body without events', post([], {}, '{"events":{}}'), 400],
  ['null', post([], {}, 'null'), 400],
])('%s is refused', async (_, request, status) => {
  const { collector, relay } = await relaying();
  expect((await relay(request)).status).toBe(status);
  expect(collector.seen).toHaveLength(0);
  await collector.close();
});

test('a body that is too large is refused while it is read, whatever its headers say', async () => {
  const { collector, relay } = await relaying({ maxBytes: 1000 });
  let pulled = 0;
  const body = new ReadableStream({
    pull(controller) {
      pulled++;
      controller.enqueue(new TextEncoder().encode('x'.repeat(400)));
    },
  });
  const request = new Request('https://host.example/', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
    duplex: 'half',
  } as RequestInit);
  expect((await relay(request)).status).toBe(413);
  expect(pulled).toBeLessThan(10);
  await collector.close();
});

test('a null among the events costs only itself', async () => {
  const { collector, relay } = await relaying();
  const response = await relay(post([null, event()]));
  expect(response.status).toBe(200);
  expect(collector.seen[0]?.request.events).toHaveLength(1);
  await collector.close();
});

test('a busy server is passed on, with when to come back', async () => {
  const { collector, relay } = await relaying({}, () => ({ status: 429, headers: { 'retry-after': '7' } }));
  const response = await relay(post([event()]));
  expect([response.status, response.headers.get('retry-after')]).toEqual([429, '7']);
  await collector.close();
});

test.each([401, 403])('a key that the server refuses with %i is not told to the page', async (status) => {
  const { collector, relay } = await relaying({}, () => ({ status }));
  const response = await relay(post([event()]));
  expect(response.status).toBe(503);
  expect(await response.text()).not.toContain('tk_secret');
  await collector.close();
});

test('a server that is away is answered as a reason to try again', async () => {
  const { collector, relay } = await relaying();
  await collector.close();
  expect((await relay(post([event()]))).status).toBe(503);
});

test('batches can be taken in the same process', async () => {
  const taken: unknown[] = [];
  const relay = createRelay({
    attribute: () => ({ customerId: 'cus_1' }),
    transport: async ({ events }) => {
      taken.push(...events);
      return { accepted: events.length, duplicates: 0, problems: [] };
    },
  });
  expect((await relay(post([event()]))).status).toBe(200);
  expect(taken).toMatchObject([{ customerId: 'cus_1' }]);
});

test('of a whole session that the host hands over only attribution leaves, ids as text', async () => {
  const session = { customerId: 42, userId: 'user_1', email: 'canary@host.example', kind: 'llm_call' };
  const { collector, relay } = await relaying({ attribute: () => session as object });
  await relay(post([event()]));
  const [sent] = collector.seen[0]?.request.events ?? [];
  expect(sent).toMatchObject({ kind: 'telemetry', customerId: '42', userId: 'user_1' });
  expect(sent).not.toHaveProperty('email');
  await collector.close();
});

test.each([
  [400, 400],
  [413, 413],
  [401, 503],
  [500, 503],
  [undefined, 503],
])(
  'a server in the same process that refuses with %s is answered to the page as %s',
  async (status, told) => {
    const relay = createRelay({
      attribute: () => ({ customerId: 'cus_1' }),
      transport: () => Promise.reject(Object.assign(new Error('canary'), { status })),
    });
    const response = await relay(post([event()]));
    expect(response.status).toBe(told);
    expect(await response.text()).not.toContain('canary');
  },
);
