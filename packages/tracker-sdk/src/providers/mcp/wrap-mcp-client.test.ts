import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { usageEventSchema } from '@tallykit/protocol';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { createTestTracker, type TestTracker } from '../../testing/create-test-tracker.ts';
import { wrapMcpClient } from './wrap-mcp-client.ts';

let client: Client;
let server: McpServer;
let tracker: TestTracker;

beforeEach(async () => {
  tracker = createTestTracker();
  server = new McpServer({ name: 'docs-server', version: '1.0.0' });
  server.registerTool('search', { inputSchema: { query: z.string() } }, async ({ query }) => ({
    content: [{ type: 'text', text: `canary answer to ${query}` }],
  }));
  server.registerTool('fail', {}, async () => ({
    content: [{ type: 'text', text: 'canary' }],
    isError: true,
  }));
  server.registerTool('throw', {}, () => Promise.reject(new Error('canary')));
  server.registerTool('wait', {}, () => new Promise(() => undefined));
  client = new Client({ name: 'host', version: '1.0.0' });
  const [mine, theirs] = InMemoryTransport.createLinkedPair();
  await Promise.all([server.connect(theirs), client.connect(mine)]);
});
afterEach(async () => {
  await client.close();
  await server.close();
  await tracker.shutdown();
});

const toolCalls = async () => (await tracker.events()).filter((event) => event.kind === 'tool_call');
const search = (from: Client) => from.callTool({ name: 'search', arguments: { query: 'canary question' } });

test('each invocation is counted with its tool, server, duration and outcome', async () => {
  wrapMcpClient(client, tracker);
  for (let count = 0; count < 5; count++) await search(client);
  const calls = await toolCalls();
  expect(calls).toHaveLength(5);
  for (const call of calls) {
    expect(usageEventSchema.parse(call)).toMatchObject({
      tool: 'search',
      server: 'docs-server',
      status: 'ok',
      durationMs: expect.any(Number) as number,
    });
  }
});

test('conformance 14: no byte of arguments, results or errors leaves the process', async () => {
  wrapMcpClient(client, tracker);
  await search(client);
  await client.callTool({ name: 'fail', arguments: {} });
  await client.callTool({ name: 'throw', arguments: { secret: 'canary' } });
  expect(await toolCalls()).toHaveLength(3);
  expect(JSON.stringify(tracker.requests())).not.toContain('canary');
});

test('the host gets what the tool answers, and the same client', async () => {
  const bare = await search(client);
  const wrapped = wrapMcpClient(client, tracker);
  expect(wrapped).toBe(client);
  expect(await search(wrapped)).toEqual(bare);
});

test('conformance 9: a tool that fails and one that throws are errors', async () => {
  wrapMcpClient(client, tracker);
  await client.callTool({ name: 'fail' });
  await client.callTool({ name: 'throw' });
  expect((await toolCalls()).map(({ tool, status, errorClass }) => [tool, status, errorClass])).toEqual([
    ['fail', 'error', 'tool_error'],
    ['throw', 'error', 'tool_error'],
  ]);
});

test('conformance 9: a timeout is an error that reaches the host', async () => {
  wrapMcpClient(client, tracker);
  await expect(client.callTool({ name: 'wait' }, undefined, { timeout: 20 })).rejects.toThrow();
  expect(await toolCalls()).toMatchObject([{ tool: 'wait', status: 'error', errorClass: 'timeout' }]);
});

test('conformance 8: an invocation that the host aborts is told as such', async () => {
  wrapMcpClient(client, tracker);
  const controller = new AbortController();
  const waiting = client.callTool({ name: 'wait' }, undefined, { signal: controller.signal });
  controller.abort();
  await expect(waiting).rejects.toThrow();
  expect(await toolCalls()).toMatchObject([{ status: 'aborted', errorClass: 'aborted' }]);
});

test('conformance 9: a closed connection is an error', async () => {
  wrapMcpClient(client, tracker);
  await client.close();
  await expect(search(client)).rejects.toThrow();
  expect(await toolCalls()).toMatchObject([{ status: 'error' }]);
});

test('conformance 13: an invocation belongs to the run in which it began', async () => {
  wrapMcpClient(client, tracker);
  const pending = tracker.run({ customerId: 'cus_1', flow: 'triage' }, () => search(client));
  await tracker.run({ customerId: 'cus_2' }, () => pending);
  expect(await toolCalls()).toMatchObject([{ customerId: 'cus_1', flow: 'triage' }]);
});

test('conformance 13: a client of a run counts there, without ambient storage', async () => {
  const explicit = createTestTracker({ asyncLocalStorage: null });
  wrapMcpClient(client, explicit);
  await explicit.run({ customerId: 'cus_1' }, async (context) => {
    const own = context.wrap(client);
    await search(own);
    const task = { name: 'search', arguments: { query: 'q' } };
    for await (const message of own.experimental.tasks.callToolStream(task)) expect(message).toBeDefined();
  });
  const counted = { kind: 'tool_call', tool: 'search', customerId: 'cus_1', status: 'ok' };
  expect(await explicit.events()).toMatchObject([counted, counted]);
  await explicit.shutdown();
});

test('conformance 11: a second wrap changes nothing', async () => {
  await search(wrapMcpClient(wrapMcpClient(client, tracker), tracker));
  expect(await toolCalls()).toHaveLength(1);
});

test('the host may name the server', async () => {
  await search(wrapMcpClient(client, tracker, { server: 'our docs' }));
  expect(await toolCalls()).toMatchObject([{ server: 'our docs' }]);
});

test('an overlong name is cut and counted', async () => {
  wrapMcpClient(client, tracker);
  await client.callTool({ name: 'x'.repeat(5000) });
  const [call] = await toolCalls();
  expect(usageEventSchema.parse(call)).toMatchObject({ tool: 'x'.repeat(200), status: 'error' });
});

describe('a tool called as a task', () => {
  test('is counted when its result is in', async () => {
    wrapMcpClient(client, tracker);
    const kinds: string[] = [];
    for await (const { type } of client.experimental.tasks.callToolStream({
      name: 'search',
      arguments: { query: 'canary' },
    }))
      kinds.push(type);
    expect(kinds).toContain('result');
    expect(await toolCalls()).toMatchObject([{ tool: 'search', status: 'ok' }]);
  });

  test('conformance 8: is aborted when the host leaves before its result', async () => {
    let left = false;
    client.experimental.tasks.callToolStream = async function* () {
      try {
        yield { type: 'taskStatus', task: {} } as never;
        yield { type: 'result', result: { content: [] } } as never;
      } finally {
        left = true;
      }
    };
    wrapMcpClient(client, tracker);
    const messages = client.experimental.tasks.callToolStream({ name: 'search', arguments: { query: 'q' } });
    await messages.next();
    await messages.return(undefined);
    expect(left).toBe(true);
    expect(await toolCalls()).toMatchObject([{ tool: 'search', status: 'aborted' }]);
  });

  test('conformance 8: is aborted when the host leaves before it reads anything', async () => {
    wrapMcpClient(client, tracker);
    const messages = client.experimental.tasks.callToolStream({ name: 'search', arguments: { query: 'q' } });
    await messages.return(undefined);
    expect(await toolCalls()).toMatchObject([{ tool: 'search', status: 'aborted' }]);
  });

  test('conformance 8: learns itself what the host throws into it', async () => {
    const seen: unknown[] = [];
    client.experimental.tasks.callToolStream = async function* () {
      try {
        yield { type: 'taskStatus', task: {} } as never;
      } catch (error) {
        seen.push(error);
      }
    };
    wrapMcpClient(client, tracker);
    const messages = client.experimental.tasks.callToolStream({ name: 'search', arguments: { query: 'q' } });
    await messages.next();
    const mine = new Error('canary');
    await messages.throw(mine);
    expect(seen).toEqual([mine]);
    expect(await toolCalls()).toMatchObject([{ tool: 'search', status: 'error' }]);
  });

  test('is over when the host leaves after its result', async () => {
    wrapMcpClient(client, tracker);
    const messages = client.experimental.tasks.callToolStream({ name: 'search', arguments: { query: 'q' } });
    await messages.next();
    await messages.return(undefined);
    expect(await toolCalls()).toMatchObject([{ tool: 'search', status: 'ok' }]);
  });
});

test('conformance 11: two clients of one server are counted side by side', async () => {
  const second = new McpServer({ name: 'docs-server', version: '1.0.0' });
  second.registerTool('search', {}, async () => ({ content: [] }));
  const other = new Client({ name: 'other', version: '1.0.0' });
  const [mine, theirs] = InMemoryTransport.createLinkedPair();
  await Promise.all([second.connect(theirs), other.connect(mine)]);
  wrapMcpClient(client, tracker);
  wrapMcpClient(other, tracker);
  await search(client);
  await other.callTool({ name: 'search' });
  expect(new Set((await toolCalls()).map(({ id }) => id)).size).toBe(2);
  await other.close();
  await second.close();
});

test('conformance 12: tools answer as ever when delivery fails, and what is lost is counted', async () => {
  for (const answer of [() => Promise.reject(new Error('down')), () => new Promise<never>(() => undefined)]) {
    const failing = createTestTracker({ answer, flushTimeoutMs: 20 });
    const bound = await failing.run({ customerId: 'cus_1' }, (context) =>
      Promise.resolve(context.wrap(wrapMcpClient(client, tracker))),
    );
    const counted = await search(bound);
    expect(counted).toEqual(await search(client));
    expect(await failing.shutdown()).toBe(false);
    expect(failing.stats().lost).toEqual({ shutdown_timeout: 1 });
  }
});

test('conformance 13: an invocation from a queue outside of the run is of nobody', async () => {
  wrapMcpClient(client, tracker);
  const jobs: (() => Promise<unknown>)[] = [];
  tracker.run({ customerId: 'cus_1' }, (context) => {
    const bound = context.wrap(client);
    jobs.push(
      () => search(client),
      () => search(bound),
    );
  });
  for (const job of jobs) await job();
  expect((await toolCalls()).map(({ customerId }) => customerId)).toEqual([undefined, 'cus_1']);
});

test('conformance 15: the request goes out in the same turn as without the wrapper', async () => {
  async function turnsUntilSent(): Promise<number> {
    const { transport } = client;
    if (!transport) throw new Error('The client is not connected.');
    const send = transport.send.bind(transport);
    let sent = false;
    transport.send = (...parameters) => {
      sent = true;
      return send(...parameters);
    };
    const answer = search(client);
    let turns = 0;
    for (; !sent; turns++) await undefined;
    await answer;
    transport.send = send;
    return turns;
  }
  const bare = await turnsUntilSent();
  wrapMcpClient(client, tracker);
  expect(await turnsUntilSent()).toBe(bare);
  expect(await toolCalls()).toHaveLength(1);
});

test('anything else is returned untouched and counted', () => {
  const thing = { name: 'not a client' };
  expect(wrapMcpClient(thing, tracker)).toBe(thing);
  expect(Object.getOwnPropertySymbols(thing)).toEqual([]);
  expect(tracker.stats().lost).toEqual({ unsupported_sdk: 1 });
});
