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

test('no byte of arguments, results or errors leaves the process', async () => {
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

test('a tool that fails and one that throws are errors', async () => {
  wrapMcpClient(client, tracker);
  await client.callTool({ name: 'fail' });
  await client.callTool({ name: 'throw' });
  expect((await toolCalls()).map(({ tool, status, errorClass }) => [tool, status, errorClass])).toEqual([
    ['fail', 'error', 'tool_error'],
    ['throw', 'error', 'tool_error'],
  ]);
});

test('a timeout is an error that reaches the host', async () => {
  wrapMcpClient(client, tracker);
  await expect(client.callTool({ name: 'wait' }, undefined, { timeout: 20 })).rejects.toThrow();
  expect(await toolCalls()).toMatchObject([{ tool: 'wait', status: 'error', errorClass: 'timeout' }]);
});

test('an invocation that the host aborts is told as such', async () => {
  wrapMcpClient(client, tracker);
  const controller = new AbortController();
  const waiting = client.callTool({ name: 'wait' }, undefined, { signal: controller.signal });
  controller.abort();
  await expect(waiting).rejects.toThrow();
  expect(await toolCalls()).toMatchObject([{ status: 'aborted', errorClass: 'aborted' }]);
});

test('a closed connection is an error', async () => {
  wrapMcpClient(client, tracker);
  await client.close();
  await expect(search(client)).rejects.toThrow();
  expect(await toolCalls()).toMatchObject([{ status: 'error' }]);
});

test('an invocation belongs to the run in which it began', async () => {
  wrapMcpClient(client, tracker);
  const pending = tracker.run({ customerId: 'cus_1', flow: 'triage' }, () => search(client));
  await tracker.run({ customerId: 'cus_2' }, () => pending);
  expect(await toolCalls()).toMatchObject([{ customerId: 'cus_1', flow: 'triage' }]);
});

test('a client of a run counts there, without ambient storage', async () => {
  const explicit = createTestTracker({ asyncLocalStorage: null });
  wrapMcpClient(client, explicit);
  await explicit.run({ customerId: 'cus_1' }, (context) => search(context.wrap(client)));
  expect(await explicit.events()).toMatchObject([{ kind: 'tool_call', customerId: 'cus_1' }]);
  await explicit.shutdown();
});

test('a second wrap changes nothing', async () => {
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

  test('is aborted when the host leaves', async () => {
    wrapMcpClient(client, tracker);
    const messages = client.experimental.tasks.callToolStream({ name: 'search', arguments: { query: 'q' } });
    await messages.next();
    await messages.return(undefined);
    expect(await toolCalls()).toHaveLength(1);
  });
});

test('anything else is returned untouched and counted', () => {
  const thing = { name: 'not a client' };
  expect(wrapMcpClient(thing, tracker)).toBe(thing);
  expect(Object.getOwnPropertySymbols(thing)).toEqual([]);
  expect(tracker.stats().lost).toEqual({ unsupported_sdk: 1 });
});
