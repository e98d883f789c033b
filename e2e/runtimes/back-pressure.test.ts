import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import OpenAI from 'openai';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTracker, type Tracker } from '@tallykit/tracker-sdk';
import { wrapOpenAI } from '@tallykit/tracker-sdk/openai';
import { startFakeOpenAI, type FakeOpenAI } from '@tallykit/tracker-sdk/testing';
import { startHostServer, type HostServer } from './start-host-server.ts';

const patience = { timeout: 15_000 };

let server: HostServer;
let provider: FakeOpenAI;
let front: Server;
/** While it holds, the server has no time for anybody. */
let isBusy = true;

beforeAll(async () => {
  server = await startHostServer('postgres');
  const failed = new Set<string>();
  provider = await startFakeOpenAI({
    reply({ index, body }) {
      const { user = '' } = body as { readonly user?: string };
      const failure = { status: 500, headers: { 'retry-after-ms': '1' } };
      if (failed.has(user)) return { id: `answer-${index}`, usage: { input: 10, output: 5 } };
      failed.add(user);
      return { failure };
    },
  });
  front = createServer((request, response) => {
    if (isBusy) return void request.resume().on('end', () => response.writeHead(503).end());
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const headers = Object.fromEntries(
        ['authorization', 'content-type', 'content-encoding'].flatMap((name) => {
          const value = request.headers[name];
          return typeof value === 'string' ? [[name, value]] : [];
        }),
      );
      const url = `${server.endpoint}${request.url ?? ''}`;
      void fetch(url, { method: 'POST', headers, body: Buffer.concat(parts) }).then(async (answer) =>
        response.writeHead(answer.status).end(await answer.text()),
      );
    });
  });
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  front?.closeAllConnections();
  front?.close();
  await provider?.close();
  await server?.close();
});

const record = (tracker: Tracker, customerId: string, count: number): void => {
  for (let index = 0; index < count; index++)
    tracker.record({
      provider: 'openai',
      requestModel: 'gpt-4o-mini',
      operation: 'chat',
      customerId,
      usage: { input: 10, output: 5 },
    });
};

/** Losses by reason, as the server has stored what it was told. */
async function storedLosses(): Promise<Readonly<Record<string, number>>> {
  if (server.store.store.engine !== 'postgres') throw new Error('Losses are read from PostgreSQL here.');
  const client = new Client({ connectionString: server.store.store.url });
  await client.connect();
  const { rows } = await client.query<{ reason: string; lost: string }>(
    'select reason, sum(count) as lost from tallykit.reported_loss group by reason',
  );
  await client.end();
  return Object.fromEntries(rows.map(({ reason, lost }) => [reason, Number(lost)]));
}

test('in a full queue telemetry and attempts that used nothing go first, then the oldest, and the server is told how many', async () => {
  const { port } = front.address() as AddressInfo;
  const told: number[] = [];
  const tracker = createTracker({
    endpoint: `http://127.0.0.1:${port}`,
    apiKey: server.apiKey,
    maxQueueEvents: 40,
    flushIntervalMs: 600_000,
    flushTimeoutMs: 150,
    flushAtExit: false,
    onLoss: ({ count }) => told.push(count),
  });
  const openai = wrapOpenAI(new OpenAI({ apiKey: 'test', baseURL: provider.baseURL }), tracker);
  for (let index = 0; index < 10; index++)
    // Each of them fails once and is repeated by the client: an attempt that used nothing, and the call.
    await tracker.run({ customerId: 'oldest' }, () =>
      openai.chat.completions.create({
        model: 'gpt-4o-mini',
        user: `user-${index}`,
        messages: [{ role: 'user', content: 'hi' }],
      }),
    );
  for (let index = 0; index < 10; index++) tracker.telemetry('clicked', { customerId: 'reader' });
  record(tracker, 'middle', 10);
  expect(tracker.stats()).toMatchObject({ recorded: 40, queued: 40, lost: {} });
  // What was on its way when the server had no time is worth no more for it.
  expect(await tracker.flush()).toBe(false);
  record(tracker, 'newest', 25);
  expect(tracker.stats()).toMatchObject({ recorded: 65, queued: 40, lost: { queue_full: 25 } });
  isBusy = false;
  await expect.poll(() => tracker.flush(), patience).toBe(true);
  expect(tracker.stats()).toMatchObject({ recorded: 65, accepted: 40, queued: 0, lost: { queue_full: 25 } });
  expect(told.reduce((sum, count) => sum + count, 0)).toBe(25);

  expect(await server.callsOf('newest', 25)).toBe(25);
  expect(await server.callsOf('middle', 10)).toBe(10);
  expect(await server.callsOf('oldest', 5)).toBe(5);
  expect(await server.telemetryOf('reader', 0)).toEqual({});
  await expect.poll(storedLosses, patience).toEqual({ queue_full: 25 });
  await tracker.flush();
  expect(await storedLosses()).toEqual({ queue_full: 25 });
  await tracker.shutdown();
});
