import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { Tracker } from '@tallykit/tracker-sdk';
import { wrapMcpClient } from '@tallykit/tracker-sdk/mcp';

export async function searchDocs(tracker: Tracker, transport: Transport, customerId: string, query: string) {
  const client = wrapMcpClient(new Client({ name: 'helpdesk', version: '1.0.0' }), tracker);
  await client.connect(transport);
  return tracker.run({ customerId, flow: 'research' }, () =>
    client.callTool({ name: 'search', arguments: { query } }),
  );
}
