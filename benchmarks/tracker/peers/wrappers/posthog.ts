import { loadPackage } from '../load-package.ts';
import type { ChatClient, Peer } from '../peer.ts';

interface PostHogClient {
  readonly flush: () => Promise<unknown>;
}
interface NodePackage {
  readonly PostHog: new (key: string, options: { host: string }) => PostHogClient;
}
interface AiPackage {
  readonly OpenAI: new (options: {
    apiKey: string;
    fetch: typeof fetch;
    posthog: PostHogClient;
  }) => ChatClient;
}

/** PostHog's client, which stands in the place of OpenAI's. */
export const postHog: Peer = {
  id: 'posthog',
  name: 'PostHog',
  packages: ['@posthog/ai', 'posthog-node'],
  imports: `import { PostHog } from 'posthog-node';\nimport { OpenAI } from '@posthog/ai/openai';`,
  answer: () => JSON.stringify({ status: 1 }),
  async open({ endpoint, fetch }) {
    const { PostHog } = await loadPackage<NodePackage>('posthog-node');
    const { OpenAI } = await loadPackage<AiPackage>('@posthog/ai/openai');
    const posthog = new PostHog('phc_bench', { host: endpoint });
    return { client: new OpenAI({ apiKey: 'bench', fetch, posthog }), flush: () => posthog.flush() };
  },
};
