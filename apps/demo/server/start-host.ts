import { serve } from '@hono/node-server';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { createTallykit, type Tallykit } from '@tallykit/server-adapter';
import { embedded } from '@tallykit/server-adapter/engines/embedded';
import { startFakeOpenAI, type FakeOpenAI } from '@tallykit/tracker-sdk/testing';
import type { RecentCall } from './assistant/live-traffic.ts';
import { replyAsPlanned } from './assistant/reply-as-planned.ts';
import { authenticate } from './host/authenticate.ts';
import { createHostApp, tallykitPath } from './host/host-app.ts';

/** The running helpdesk: its backend with Tallykit mounted, and the provider that its assistant calls. */
export interface RunningHost {
  readonly origin: string;
  /** Where Tallykit is mounted. */
  readonly endpoint: string;
  /** An ingest key for the helpdesk's own tracker. */
  readonly apiKey: string;
  readonly tallykit: Tallykit;
  readonly provider: FakeOpenAI;
  readonly close: () => Promise<void>;
}

const loopback = '127.0.0.1';
const timeZone = 'Europe/Berlin';

/** Starts everything on loopback. `data` names the folder of the store; without it the store is in memory. */
export async function startHost(options: {
  readonly port: number;
  readonly data: string | undefined;
  readonly recentCalls: () => readonly RecentCall[];
}): Promise<RunningHost> {
  const tallykit = createTallykit({
    storage: embedded(options.data === undefined ? {} : { folder: options.data }),
    organization: { id: 'acme-desk', name: 'Acme Desk', timeZone },
    basePath: tallykitPath,
    authenticate,
    charge: { basis: 'list', markup: '0.2' },
  });
  await tallykit.ready();
  const { secret } = await tallykit.keys.create({ kind: 'ingest', name: 'helpdesk backend' });
  const provider = await startFakeOpenAI({ reply: replyAsPlanned });
  const pages = fileURLToPath(new URL('../dist', import.meta.url));
  const app = createHostApp({ tallykit, pages, recentCalls: options.recentCalls, timeZone, now: Date.now });

  const server = await new Promise<ReturnType<typeof serve>>((resolve, reject) => {
    const starting = serve({ fetch: app.fetch, port: options.port, hostname: loopback }, () =>
      resolve(starting),
    );
    starting.on('error', reject);
  });
  const origin = `http://${loopback}:${(server.address() as AddressInfo).port}`;

  return {
    origin,
    endpoint: `${origin}${tallykitPath}`,
    apiKey: secret,
    tallykit,
    provider,
    close: async () => {
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        if ('closeAllConnections' in server) server.closeAllConnections();
      });
      await provider.close();
      await tallykit.close();
    },
  };
}
