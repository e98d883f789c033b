import { readFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createClient, type TallykitClient } from '@tallykit/client';
import { askEveryRoute, fixtureNow } from '@tallykit/client/testing';
import { createDevClock, createTallykit, type DevClock } from '@tallykit/server-adapter';
import { toNodeListener } from '@tallykit/server-adapter/node';
import { referenceStorage } from '@tallykit/server-adapter/testing';
import { buildFirst } from '../../tooling/build/build-first.ts';
import { workspaceRoot } from '../../tooling/checks/workspace-root.ts';
import { bundle } from '../../tooling/size/bundle.ts';

/** A request that reached Tallykit from the page. */
export interface SeenByTallykit {
  readonly method: string;
  readonly url: string;
  readonly cookie: string | undefined;
  readonly authorization: string | undefined;
}

/** A vendor's installation: Tallykit on one origin, and pages on two others, of which only one may embed it. */
export interface EmbeddingHost {
  readonly page: string;
  readonly foreignPage: string;
  readonly clock: DevClock;
  readonly seen: readonly SeenByTallykit[];
  readonly sessions: { count: number; subject: string };
  close(): Promise<void>;
}

const here = join(workspaceRoot, 'e2e/browser');

/** Starts everything; the page's program and styles are the published builds. */
export async function startEmbeddingHost(): Promise<EmbeddingHost> {
  await buildFirst();
  const program = await readFile(join(here, 'embedding-page.mjs'), 'utf8');
  const [{ text }, styles] = await Promise.all([
    bundle({ program, from: here }),
    readFile(join(workspaceRoot, 'packages/widgets/dist/theme.css'), 'utf8'),
  ]);
  const clock = createDevClock();
  clock.set(fixtureNow);
  const sessions = { count: 0, subject: 'ann' };
  const seen: SeenByTallykit[] = [];
  let operator: TallykitClient;
  let tallykitOrigin = '';

  const pages: RequestListener = (request, response) => {
    const files: Readonly<Record<string, readonly [string, string]>> = {
      '/page.js': ['text/javascript', text],
      '/theme.css': ['text/css', styles],
      '/icon.svg': ['image/svg+xml', '<svg xmlns="http://www.w3.org/2000/svg"/>'],
    };
    const file = files[request.url ?? ''];
    if (file !== undefined) return response.writeHead(200, { 'content-type': file[0] }).end(file[1]);
    if (request.url === '/session' && request.method === 'POST') {
      sessions.count += 1;
      void operator.embedSessions
        .create({ customerId: 'cus_1', subject: sessions.subject, role: 'customer_admin' })
        .then((session) =>
          response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(session)),
        );
      return undefined;
    }
    return response.writeHead(200, pageHeaders(tallykitOrigin)).end(pageText(tallykitOrigin));
  };
  const page = await listen(pages);
  const foreignPage = await listen(pages);

  const tallykit = createTallykit({
    storage: referenceStorage({ clock }),
    developmentClock: clock,
    basePath: '/api/tallykit',
    embed: { secret: 'a secret of the test that is long enough', origins: [page.origin] },
  });
  const key = await tallykit.keys.create({ kind: 'server', name: 'Host backend' });
  operator = createClient({
    baseUrl: 'https://in-process.test/api/tallykit',
    headers: { authorization: `Bearer ${key.secret}` },
    fetch: (input, init) => tallykit.handler(new Request(input, init)),
  });
  for (const name of ['sendEvents', 'putCustomers', 'putInvoices', 'putProviderLines'] as const) {
    await askEveryRoute[name](operator);
  }
  await tallykit.tick();

  const mount = toNodeListener(tallykit);
  const server = await listen((request, response) => {
    const { method = '', url = '', headers } = request;
    seen.push({ method, url, cookie: headers.cookie, authorization: headers.authorization });
    void mount(request, response);
  });
  tallykitOrigin = server.origin;
  return {
    page: page.origin,
    foreignPage: foreignPage.origin,
    clock,
    seen,
    sessions,
    close: async () => {
      await Promise.all([page, foreignPage, server].map(({ close }) => close()));
      await tallykit.close();
    },
  };
}

// The strictest policy that lets a page ask Tallykit: nothing inline, nothing from elsewhere.
function pageHeaders(tallykit: string): Record<string, string> {
  const policy = [
    `default-src 'none'`,
    `script-src 'self'`,
    `style-src 'self'`,
    `img-src 'self'`,
    `connect-src 'self' ${tallykit}`,
    `base-uri 'none'`,
    `form-action 'none'`,
  ];
  return { 'content-type': 'text/html', 'content-security-policy': policy.join('; ') };
}

function pageText(tallykit: string): string {
  return `<!doctype html><html lang="en" data-tallykit="${tallykit}/api/tallykit"><head><title>Usage</title>
<link rel="icon" href="/icon.svg"><link rel="stylesheet" href="/theme.css"></head>
<body><main id="widgets"></main><script type="module" src="/page.js"></script></body></html>`;
}

async function listen(listener: RequestListener): Promise<{ origin: string; close(): Promise<void> }> {
  const server: Server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
