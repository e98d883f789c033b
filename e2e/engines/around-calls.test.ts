import { gunzipSync } from 'node:zlib';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import type { TallykitClient } from '@tallykit/client';
import { createTracker, type Tracker } from '@tallykit/tracker-sdk';
import { wrapMcpClient } from '@tallykit/tracker-sdk/mcp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clientAs } from './ask.ts';
import { runServer, type RunningServer } from './run-server.ts';
import { engines, type FreshStore } from './stores.ts';

describe.each(engines)('what an app does around its calls, on $engine', ({ fresh }) => {
  let store: FreshStore;
  let server: RunningServer;
  let tracker: Tracker;
  let operator: TallykitClient;
  let sent = '';

  beforeAll(async () => {
    store = await fresh();
    server = await runServer({ store: store.store });
    operator = clientAs(server.endpoint, 'operator');
    tracker = createTracker({
      endpoint: server.endpoint,
      apiKey: server.ingestKey ?? '',
      fetch: async (input, init) => {
        const bytes = new Uint8Array(await new Response(init?.body).arrayBuffer());
        sent += bytes[0] === 0x1f ? gunzipSync(bytes).toString() : Buffer.from(bytes).toString();
        return fetch(input, init);
      },
    });
  });
  afterAll(async () => {
    await tracker?.shutdown();
    await server?.stop();
    await store?.remove();
  });

  test('each invocation of an MCP tool is counted, and no byte of its arguments leaves the app', async () => {
    const tools = new McpServer({ name: 'docs', version: '1.0.0' });
    tools.registerTool('search', {}, async () => ({ content: [{ type: 'text', text: 'canary answer' }] }));
    const mcp = new Client({ name: 'host', version: '1.0.0' });
    const [mine, theirs] = InMemoryTransport.createLinkedPair();
    await Promise.all([tools.connect(theirs), mcp.connect(mine)]);
    wrapMcpClient(mcp, tracker);
    await tracker.run({ customerId: 'cus_42', conversationId: 'conv_1' }, async () => {
      for (let count = 0; count < 7; count++) {
        await mcp.callTool({ name: 'search', arguments: { query: 'canary question' } });
      }
    });
    await mcp.close();
    await tools.close();
    expect(await tracker.flush()).toBe(true);
    const { rows } = await operator.datasets.query('tool_calls', {
      measures: ['calls', 'errors'],
      dimensions: ['server', 'tool', 'customer'],
    });
    expect(rows).toEqual([['docs', 'search', 'cus_42', 7, 0]]);
    expect(sent).toContain('tool_call');
    expect(sent).not.toContain('canary');
  });

  test('messages, goals and runs of a conversation are read back as they were told', async () => {
    await operator.ledger.putFlows([{ id: 'onboarding', name: 'Onboarding', steps: ['asked', 'booked'] }]);
    tracker.run({ customerId: 'cus_42', conversationId: 'conv_1' }, () => {
      const conversation = tracker.conversation('conv_1', { channel: 'web' });
      conversation.message('user');
      conversation.message('agent');
      conversation.message('user');
      const flow = tracker.flowRun('onboarding', { trigger: 'user' });
      flow.step('asked');
      flow.step('booked');
      flow.end('completed');
      tracker.flowRun('onboarding').step('asked');
      tracker.goal('demo_booked', { channel: 'web', value: { amount: '120', currency: 'EUR' } });
      tracker.telemetry('panel_opened');
    });
    expect(await tracker.flush()).toBe(true);
    const rows = async (...[id, query]: Parameters<TallykitClient['datasets']['query']>) =>
      (await operator.datasets.query(id, query)).rows;
    expect(await rows('chat', { measures: ['conversations', 'messages', 'engaged_conversations'] })).toEqual([
      [1, 3, 1],
    ]);
    expect(
      await rows('conversions', { measures: ['conversions', 'revenue'], dimensions: ['goal', 'currency'] }),
    ).toEqual([['demo_booked', 'EUR', 1, '120']]);
    expect(await rows('flow_runs', { measures: ['runs'], dimensions: ['status', 'trigger'] })).toEqual([
      ['completed', 'user', 1],
      ['running', 'manual', 1],
    ]);
    expect(
      await rows('funnel', {
        measures: ['runs', 'drop_off'],
        filters: [{ field: 'flow_id', operator: 'eq', values: ['onboarding'] }],
      }),
    ).toEqual([
      ['asked', 2, null],
      ['booked', 1, '0.5'],
    ]);
    expect(await rows('telemetry', { measures: ['events'], dimensions: ['event_name'] })).toEqual([
      ['panel_opened', 1],
    ]);
    const conversation = await operator.conversations.get('conv_1');
    // Within one millisecond they have no order.
    expect(conversation.messages.map(({ role }) => role).toSorted()).toEqual(['agent', 'user', 'user']);
    expect(conversation.toolCalls).toHaveLength(7);
    expect(conversation.flowRuns.map(({ status }) => status).toSorted()).toEqual(['completed', 'running']);
  });
});
