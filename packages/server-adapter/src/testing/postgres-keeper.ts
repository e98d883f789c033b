// Started by file name as a process of its own: it keeps one PostgreSQL server for as long as its owner lives.
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { startLocalPostgres, type LocalPostgres } from './start-local-postgres.ts';

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

async function start(): Promise<LocalPostgres> {
  const port = await freePort();
  const server = await startLocalPostgres({ folder, port, password });
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
