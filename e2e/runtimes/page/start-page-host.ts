import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { serve, type ServerType } from '@hono/node-server';
import { createRelay } from '@tallykit/tracker-sdk/relay';
import { workspaceRoot } from '../../../tooling/checks/workspace-root.ts';
import { bundle } from '../../../tooling/size/bundle.ts';

/** A request that reached the host's backend from its pages. */
export interface SeenByHost {
  readonly path: string;
  readonly headers: string;
  readonly body: string;
  readonly status: number;
}

/** A request that the relay made to Tallykit. */
export interface SentByRelay {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A vendor's backend with pages, a session cookie and a relay. */
export interface PageHost {
  readonly origin: string;
  /** The same pages by another name, which is another site for the browser. */
  readonly foreignOrigin: string;
  readonly seen: readonly SeenByHost[];
  readonly sent: readonly SentByRelay[];
  /** Everything that a page was given, as text. */
  readonly served: readonly string[];
  /** Milliseconds that the relay takes to answer. */
  readonly slowness: { milliseconds: number };
  readonly close: () => Promise<void>;
}

const here = join(workspaceRoot, 'e2e/runtimes/page');

async function programOf(file: string): Promise<string> {
  return (await bundle({ program: await readFile(join(here, file), 'utf8'), from: here })).text;
}

/** Starts the host. A session is the name of the account in the cookie `session`. */
export async function startPageHost(server: {
  readonly endpoint: string;
  readonly apiKey: string;
}): Promise<PageHost> {
  const [page, worker] = await Promise.all(['page.mjs', 'page-worker.mjs'].map(programOf));
  const seen: SeenByHost[] = [];
  const sent: SentByRelay[] = [];
  const served: string[] = [];
  const slowness = { milliseconds: 0 };

  const relay = createRelay({
    ...server,
    attribute(request) {
      const account = /session=([\w-]+)/.exec(request.headers.get('cookie') ?? '')?.[1];
      return account === undefined ? null : { customerId: account, userId: `user-of-${account}` };
    },
    async fetch(url, init) {
      sent.push({ headers: init.headers as Record<string, string>, body: String(init.body) });
      const response = await fetch(url, init);
      await new Promise((resolve) => setTimeout(resolve, slowness.milliseconds));
      return response;
    },
  });

  const pages: Readonly<Record<string, readonly [string, string]>> = {
    '/': ['text/html', '<!doctype html><title>Host</title><script type="module" src="/page.js"></script>'],
    '/other': ['text/html', '<!doctype html><title>Elsewhere</title>'],
    '/page.js': ['text/javascript', page ?? ''],
    '/worker.js': ['text/javascript', worker ?? ''],
    // What a page of a stranger would try: a form needs nobody's leave, but sends no JSON.
    '/attack': [
      'text/html',
      `<!doctype html><form method="post" enctype="text/plain"><input name="x"><button>Win</button></form>`,
    ],
  };

  async function answer(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    if (pathname === '/api/usage') {
      const body = await request.clone().text();
      const response = await relay(request);
      const headers = JSON.stringify([...request.headers]);
      seen.push({ path: pathname, headers, body, status: response.status });
      return response;
    }
    const [type, text] = pages[pathname] ?? ['text/plain', ''];
    served.push(text);
    return new Response(text, { status: text ? 200 : 404, headers: { 'content-type': type } });
  }

  const listening = await new Promise<ServerType>((resolve) => {
    const http = serve({ fetch: answer, port: 0, hostname: '127.0.0.1' }, () => resolve(http));
  });
  const { port } = listening.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    foreignOrigin: `http://localhost:${port}`,
    seen,
    sent,
    served,
    slowness,
    close: () =>
      new Promise((resolve) => {
        listening.close(() => resolve());
        if ('closeAllConnections' in listening) listening.closeAllConnections();
      }),
  };
}
