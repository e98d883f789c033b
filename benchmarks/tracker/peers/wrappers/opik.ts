import { loadPackage } from '../load-package.ts';
import type { ChatClient, Peer } from '../peer.ts';

interface OpikClient {
  readonly flush: () => Promise<void>;
}
interface Package {
  readonly Opik: new (options: { apiUrl: string; apiKey: string; workspaceName: string }) => OpikClient;
}
interface OpenAIPackage {
  readonly trackOpenAI: (client: ChatClient, options: { client: OpikClient }) => ChatClient;
}

/** Opik's wrapper. */
export const opik: Peer = {
  id: 'opik',
  name: 'Opik',
  packages: ['opik-openai', 'opik'],
  imports: `import { Opik } from 'opik';\nimport { trackOpenAI } from 'opik-openai';`,
  async open({ endpoint, fetch, OpenAI }) {
    const { Opik } = await loadPackage<Package>('opik');
    const { trackOpenAI } = await loadPackage<OpenAIPackage>('opik-openai');
    const client = new Opik({ apiUrl: `${endpoint}/api`, apiKey: 'bench', workspaceName: 'bench' });
    return {
      client: trackOpenAI(new OpenAI({ apiKey: 'bench', fetch }), { client }),
      flush: () => client.flush(),
    };
  },
};
