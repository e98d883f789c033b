import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createTallykit, type Tallykit } from '../create-tallykit.ts';
import type { DevClock } from '../endpoints/dev-clock.ts';
import { toNodeListener } from '../frameworks/node.ts';
import type { TallykitOptions } from '../options.ts';
import type { OrganizationRecord, Storage } from '../storage/contract/storage.ts';
import { devAuthenticate } from './dev-auth.ts';
import { CommandError } from './command-error.ts';
import { isLoopback } from './loopback.ts';

/** How long open requests may take once the server is told to stop. */
const graceMs = 10_000;

/** Settings of a standalone server. */
export interface ServerSettings {
  readonly storage: Storage;
  readonly organization: OrganizationRecord;
  readonly host: string;
  /** 0 for any that is free. */
  readonly port: number;
  readonly devAuth: boolean;
  /** The clock to move, which the store follows too; null for the machine's own. */
  readonly devClock: DevClock | null;
  readonly embed: TallykitOptions['embed'];
  readonly migrate: TallykitOptions['migrate'];
}

/** A standalone server that listens. */
export interface RunningServer {
  readonly address: string;
  readonly tallykit: Tallykit;
  /** Secrets of the keys that were made at first start; none later. */
  readonly firstKeys: { readonly ingest: string; readonly server: string } | null;
  stop(): Promise<void>;
}

/** Which development options are on, and where. */
export interface DevelopmentChoice {
  readonly host: string;
  readonly devAuth: boolean;
  readonly devClock: boolean;
}

/** Throws when a development option would be reachable from other machines. */
export function checkDevelopmentOptions({ host, devAuth, devClock }: DevelopmentChoice): void {
  const option = devAuth ? '--dev-auth' : devClock ? '--dev-clock' : null;
  if (option === null || isLoopback(host)) return;
  throw new CommandError(
    `${option} lets everybody who reaches the server be anybody, so it works on loopback only, and --host is ${host}. Leave one of the two out.`,
  );
}

/** Opens the store, makes keys at first start, and listens. */
export async function startServer(settings: ServerSettings): Promise<RunningServer> {
  const { storage, organization, host, port, devAuth, devClock, embed, migrate } = settings;
  checkDevelopmentOptions({ host, devAuth, devClock: devClock !== null });
  const tallykit = createTallykit({
    storage,
    organization,
    basePath: '/',
    embed,
    migrate,
    ...(devAuth ? { authenticate: devAuthenticate } : {}),
    ...(devClock === null ? {} : { developmentClock: devClock }),
  });
  try {
    await tallykit.ready();
    const firstKeys = await makeFirstKeys(tallykit);
    const listener = toNodeListener(tallykit);
    const server = createServer((request, response) => void listener(request, response));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, resolve);
    });
    return {
      address: `http://${host.includes(':') ? `[${host}]` : host}:${(server.address() as AddressInfo).port}`,
      tallykit,
      firstKeys,
      async stop() {
        const closed = new Promise<void>((resolve) => server.close(() => resolve()));
        const overdue = setTimeout(() => server.closeAllConnections(), graceMs);
        server.closeIdleConnections();
        await closed;
        clearTimeout(overdue);
        await tallykit.close();
      },
    };
  } catch (error) {
    await tallykit.close();
    throw error;
  }
}

async function makeFirstKeys(tallykit: Tallykit): Promise<RunningServer['firstKeys']> {
  if ((await tallykit.keys.list()).length > 0) return null;
  const ingest = await tallykit.keys.create({ kind: 'ingest', name: 'first start' });
  const server = await tallykit.keys.create({ kind: 'server', name: 'first start' });
  return { ingest: ingest.secret, server: server.secret };
}
