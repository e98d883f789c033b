import { serve } from '@hono/node-server';
import type { AddressInfo } from 'node:net';
import type { Tallykit } from '@tallykit/server-adapter';

/** Listens on a free loopback port. */
export async function listen(
  tallykit: Tallykit,
): Promise<{ readonly endpoint: string; readonly close: () => Promise<void> }> {
  const server = await new Promise<ReturnType<typeof serve>>((resolve) => {
    const starting = serve({ fetch: tallykit.handler, port: 0, hostname: '127.0.0.1' }, () =>
      resolve(starting),
    );
  });
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
