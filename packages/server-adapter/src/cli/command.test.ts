import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lockFolder } from '../storage/engines/embedded/folder-lock.ts';
import { createTestPostgres, type TestPostgres } from '../testing/create-test-postgres.ts';

const command = fileURLToPath(new URL('tallykit.ts', import.meta.url));

/** Runs the command in a process of its own, as a terminal does. */
function tallykit(...parameters: string[]): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ['--conditions=dev-source', command, ...parameters],
      (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === 'number' ? error.code : null;
        resolve({ code, output: `${stdout}${stderr}`.trim() });
      },
    );
  });
}

describe('the command on PostgreSQL', () => {
  let database: TestPostgres;
  beforeAll(async () => {
    database = await createTestPostgres();
  });
  afterAll(() => database.drop());
  const onDatabase = (...parameters: string[]) => tallykit(...parameters, '--database-url', database.url);

  it('migrates once, then makes, lists and revokes keys', async () => {
    expect((await onDatabase('migrate')).output).toMatch(/^Applied schema versions 1, /);
    expect((await onDatabase('migrate')).output).toBe('The schema is up to date.');

    const made = await onDatabase('keys', 'create', '--name', 'backend', '--customer', 'acme');
    expect(made.output).toMatch(/Secret, shown this once: tk_ingest_[\w-]{43}$/);
    const secret = made.output.split(' ').at(-1) ?? '';
    const listed = await onDatabase('keys', 'list');
    expect(listed.output).toMatch(
      /^\S+ {2}ingest {2}tk_ingest_.{4}\.\.\. {2}"backend" for customer acme .* active$/,
    );
    expect(listed.output).not.toContain(secret);

    const [id = ''] = listed.output.split(' ');
    expect((await onDatabase('keys', 'revoke', id)).output).toBe(`Revoked ${id}`);
    expect((await onDatabase('keys', 'list')).output).toMatch(/revoked \d{4}-/);
    const again = await onDatabase('keys', 'revoke', id);
    expect([again.code, again.output]).toEqual([1, expect.stringContaining('(key_not_found)')]);
  });

  it('looks at nothing when it is not told how far back', async () => {
    const { code, output } = await onDatabase('check', '--days', 'many');
    expect([code, output]).toEqual([1, expect.stringContaining('Give whole days from 1 to 3660.')]);
  });

  it('says in words that a database cannot be reached', async () => {
    const { code, output } = await tallykit(
      'migrate',
      '--database-url',
      'postgres://u:hunter2@127.0.0.1:9/none',
    );
    expect(code).toBe(1);
    expect(output).toContain('127.0.0.1:9');
    expect(output).not.toContain('hunter2');
  });
});

describe('the command', () => {
  it('prints the schema for an administrator', async () => {
    const { code, output } = await tallykit('migrate', '--sql');
    expect(code).toBe(0);
    expect(output).toMatch(/^begin;[\s\S]*commit;$/);
  });

  it('says how to manage keys while a server holds the embedded store', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tallykit-command-'));
    const lock = lockFolder(folder);
    const { code, output } = await tallykit('keys', 'list', '--data', folder);
    expect(code).toBe(1);
    expect(output).toContain('(store_in_use)');
    expect(output).toContain('GET, POST and DELETE /v1/keys');
    lock.release();
    await rm(folder, { recursive: true });
  });

  it.each([
    [['serve', '--port', '99999'], 'Give a port from 0 to 65535'],
    [['copy'], 'Name an empty database with --database-url'],
    [
      ['copy', '--data', '/nowhere', '--database-url', 'postgres://127.0.0.1:9/x'],
      'no embedded store in /nowhere',
    ],
    [['keys', 'create'], "required option '--name <name>' not specified"],
  ])('refuses %j with what to do', async (parameters, message) => {
    const { code, output } = await tallykit(...parameters);
    expect(code).toBe(1);
    expect(output).toContain(message);
    expect(output).not.toMatch(/^\s+at /m);
  });
});
