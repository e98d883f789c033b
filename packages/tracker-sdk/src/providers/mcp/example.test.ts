import { readFile } from 'node:fs/promises';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { searchDocs } from '../../../examples/mcp.ts';
import { createTestTracker } from '../../testing/create-test-tracker.ts';

test('the example of the guide searches, and the tool call is counted for the customer', async () => {
  const server = new McpServer({ name: 'docs-server', version: '1.0.0' });
  server.registerTool('search', { inputSchema: { query: z.string() } }, async () => ({
    content: [{ type: 'text', text: 'Found.' }],
  }));
  const [mine, theirs] = InMemoryTransport.createLinkedPair();
  await server.connect(theirs);
  const tracker = createTestTracker();
  const { content } = await searchDocs(tracker, mine, 'cus_42', 'restart');
  expect(content).toEqual([{ type: 'text', text: 'Found.' }]);
  expect(await tracker.events()).toMatchObject([
    {
      kind: 'tool_call',
      tool: 'search',
      server: 'docs-server',
      customerId: 'cus_42',
      flow: 'research',
      status: 'ok',
    },
  ]);
  await server.close();
});

test('the guide shows the code that is run here', async () => {
  const read = (path: string) => readFile(new URL(path, import.meta.url), 'utf8');
  const guide = await read('../../../../../docs/guides/providers/mcp.md');
  expect(guide).toContain(await read('../../../examples/mcp.ts'));
});
