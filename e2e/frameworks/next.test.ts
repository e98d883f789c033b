import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describeFramework, type StartMount } from '@tallykit/server-adapter/testing';
import { buildFirst } from '../../tooling/build/build-first.ts';
import { workspaceRoot } from '../../tooling/checks/workspace-root.ts';

// Next finds its own packages upwards from the app, so the app stands inside this package.
const folder = fileURLToPath(new URL('../.tmp/', import.meta.url));
const command = fileURLToPath(new URL('../node_modules/next/dist/bin/next', import.meta.url));
/** What is used of Next's own server. */
type NextFunction = (options: { readonly dev: boolean; readonly dir: string; readonly quiet: boolean }) => {
  prepare(): Promise<void>;
  getRequestHandler(): RequestListener;
  close(): Promise<void>;
};

// Next is a CommonJS package whose types say otherwise.
const next = createRequire(import.meta.url)('next') as NextFunction;
const mounted = Symbol.for('tallykit.test.mounted');

const files = {
  'package.json': '{ "name": "next-app", "private": true, "type": "module" }',
  'next.config.js': `export default { turbopack: { root: ${JSON.stringify(workspaceRoot)} } };`,
  'app/layout.js': 'export default function Layout({ children }) { return children; }',
  'app/api/tallykit/[...path]/route.js': `
    import { toNextRoutes } from '@tallykit/server-adapter/next';
    export const runtime = 'nodejs';
    export const dynamic = 'force-dynamic';
    const tallykit = { handler: (request) => globalThis[Symbol.for('tallykit.test.mounted')].handler(request) };
    export const { GET, HEAD, POST, PUT, DELETE, OPTIONS } = toNextRoutes(tallykit);
  `,
};

/** Builds a Next app with the mount in a route file and serves it as `next start` would. */
const startNext: StartMount = async (mountable) => {
  await buildFirst();
  await mkdir(folder, { recursive: true });
  const app = await mkdtemp(join(folder, 'next-'));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(join(app, name, '..'), { recursive: true });
    await writeFile(join(app, name), text);
  }
  const environment = { ...process.env, NODE_ENV: 'production' as const, NEXT_TELEMETRY_DISABLED: '1' };
  await promisify(execFile)(process.execPath, [command, 'build'], { cwd: app, env: environment });

  Object.assign(globalThis, { [mounted]: mountable });
  const server = next({ dev: false, dir: app, quiet: true });
  await server.prepare();
  const listener = createServer(server.getRequestHandler());
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(listener.address() as AddressInfo).port}`,
    close: async () => {
      listener.closeAllConnections();
      await new Promise((resolve) => listener.close(resolve));
      await server.close();
      await rm(app, { recursive: true, force: true });
    },
  };
};

describeFramework('a built Next app', startNext);
