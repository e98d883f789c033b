import { requirePackage } from '../load-package.ts';
import type { ChatClient, Peer } from '../peer.ts';

interface WeaveClient {
  readonly waitForBatchProcessing: () => Promise<void>;
}
interface Package {
  readonly init: (project: string, settings: { printCallLink: boolean }) => Promise<WeaveClient>;
  readonly wrapOpenAI: (client: ChatClient) => ChatClient;
}

/** The wrapper of Weights & Biases' Weave. */
export const weave: Peer = {
  id: 'weave',
  name: 'Weave',
  packages: ['weave'],
  imports: `import { init, wrapOpenAI } from 'weave';`,
  environment: (endpoint) => ({
    WANDB_API_KEY: 'bench',
    WANDB_BASE_URL: endpoint,
    WF_TRACE_SERVER_URL: endpoint,
    WEAVE_PRINT_CALL_LINK: 'false',
  }),
  answer: (path) =>
    path.includes('graphql')
      ? JSON.stringify({ data: { viewer: { username: 'bench', defaultEntity: { name: 'bench' } } } })
      : path.includes('/obj') || path.includes('/file')
        ? JSON.stringify({ digest: 'bench' })
        : undefined,
  async open({ fetch, OpenAI }) {
    const { init, wrapOpenAI } = requirePackage<Package>('weave');
    const client = await init('bench/bench', { printCallLink: false });
    return {
      client: wrapOpenAI(new OpenAI({ apiKey: 'bench', fetch })),
      flush: () => client.waitForBatchProcessing(),
    };
  },
};
