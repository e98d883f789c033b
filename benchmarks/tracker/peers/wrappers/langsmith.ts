import { loadPackage } from '../load-package.ts';
import type { ChatClient, Peer } from '../peer.ts';

interface LangSmithClient {
  readonly awaitPendingTraceBatches: () => Promise<void>;
  readonly flush?: () => Promise<void>;
}
interface Package {
  readonly Client: new (options: { apiUrl: string; apiKey: string }) => LangSmithClient;
}
interface WrappersPackage {
  readonly wrapOpenAI: (
    client: ChatClient,
    options: { client: LangSmithClient; tracingEnabled: boolean },
  ) => ChatClient;
}

/** LangSmith's wrapper. */
export const langSmith: Peer = {
  id: 'langsmith',
  name: 'LangSmith',
  packages: ['langsmith'],
  imports: `import { Client } from 'langsmith';\nimport { wrapOpenAI } from 'langsmith/wrappers';`,
  environment: (endpoint) => ({
    LANGSMITH_TRACING: 'true',
    LANGSMITH_ENDPOINT: endpoint,
    LANGSMITH_API_KEY: 'bench',
  }),
  answer: (path) => (path.endsWith('/info') ? JSON.stringify({ version: '0.11.0' }) : undefined),
  async open({ endpoint, fetch, OpenAI }) {
    const { Client } = await loadPackage<Package>('langsmith');
    const { wrapOpenAI } = await loadPackage<WrappersPackage>('langsmith/wrappers');
    const client = new Client({ apiUrl: endpoint, apiKey: 'bench' });
    return {
      client: wrapOpenAI(new OpenAI({ apiKey: 'bench', fetch }), { client, tracingEnabled: true }),
      flush: () => client.awaitPendingTraceBatches(),
    };
  },
};
