import { loadPackage } from '../load-package.ts';
import type { ChatClient, Peer } from '../peer.ts';

interface Package {
  readonly init: (options: { dsn: string; tracesSampleRate: number }) => unknown;
  readonly instrumentOpenAiClient: (client: ChatClient) => ChatClient;
  readonly flush: (timeoutMs: number) => Promise<boolean>;
}

/** Sentry's wrapper for a client. */
export const sentry: Peer = {
  id: 'sentry',
  name: 'Sentry',
  packages: ['@sentry/node'],
  imports: `import { init, instrumentOpenAiClient } from '@sentry/node';`,
  note: 'version 11 asks for a package version that does not exist, so the newest 10 is measured',
  async open({ endpoint, fetch, OpenAI }) {
    const { init, instrumentOpenAiClient, flush } = await loadPackage<Package>('@sentry/node');
    init({ dsn: `${endpoint.replace('://', '://bench@')}/1`, tracesSampleRate: 1 });
    return {
      client: instrumentOpenAiClient(new OpenAI({ apiKey: 'bench', fetch })),
      flush: () => flush(10_000),
    };
  },
};
