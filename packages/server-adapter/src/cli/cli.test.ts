import { describe, expect, it } from 'vitest';
import { createTallykit } from '../create-tallykit.ts';
import { createDevClock } from '../endpoints/dev-clock.ts';
import { problemError } from '../http/problem-error.ts';
import { StorageError } from '../storage/contract/storage-error.ts';
import { referenceStorage } from '../testing/reference/reference-storage.ts';
import { CommandError, readableError } from './command-error.ts';
import { chosenOrganization } from './organization-options.ts';
import { isLoopback } from './loopback.ts';
import { startServer, type ServerSettings } from './start-server.ts';
import { describeStore } from './store-options.ts';

const organization = { id: 'default', name: 'Desk', timeZone: 'UTC' };

function settings(change: Partial<ServerSettings> = {}): ServerSettings {
  return {
    storage: referenceStorage(),
    organization,
    host: '127.0.0.1',
    port: 0,
    devAuth: true,
    devClock: createDevClock(),
    embed: undefined,
    migrate: undefined,
    ...change,
  };
}

describe('serve', () => {
  it('makes keys at first start, shows them once, and serves at the root', async () => {
    const storage = referenceStorage();
    const server = await startServer(settings({ storage }));
    expect(server.firstKeys?.ingest).toMatch(/^tk_ingest_/);
    const answer = await fetch(`${server.address}/v1/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${server.firstKeys?.ingest}`, 'content-type': 'application/json' },
      body: JSON.stringify({ protocol: 1, sentAt: '2026-11-20T10:42:00.000Z', events: [] }),
    });
    expect(answer.status).toBe(200);
    await server.stop();
  });

  it('makes no keys where there are some', async () => {
    const storage = referenceStorage();
    await createTallykit({ storage, organization, background: 'off' }).keys.create({
      kind: 'ingest',
      name: 'mine',
    });
    const server = await startServer(settings({ storage }));
    expect(server.firstKeys).toBeNull();
    await server.stop();
  });

  it('believes the development header, in its three forms only', async () => {
    const server = await startServer(settings());
    const session = async (principal: string) => {
      const answer = await fetch(`${server.address}/v1/session`, {
        headers: { 'x-tallykit-dev-principal': principal },
      });
      const { role, customer, code } = (await answer.json()) as Record<string, unknown>;
      return { role, customer, code };
    };
    expect(await session('operator')).toMatchObject({ role: 'operator', customer: null });
    expect(await session('customer_admin:acme')).toMatchObject({
      role: 'customer_admin',
      customer: { id: 'acme' },
    });
    expect(await session('customer_member:a:b')).toMatchObject({
      role: 'customer_member',
      customer: { id: 'a:b' },
    });
    for (const wrong of ['admin', 'operator:acme', 'customer_admin', 'customer_admin:']) {
      expect(await session(wrong)).toMatchObject({ code: 'dev_principal_invalid' });
    }
    await server.stop();
  });

  it('believes nobody without the option', async () => {
    const server = await startServer(settings({ devAuth: false, devClock: null }));
    const headers = { 'x-tallykit-dev-principal': 'operator', 'content-type': 'application/json' };
    expect((await fetch(`${server.address}/v1/session`, { headers })).status).toBe(401);
    const clock = { method: 'PUT', headers, body: '{"now":null}' };
    expect((await fetch(`${server.address}/v1/dev/clock`, clock)).status).toBe(404);
    await server.stop();
  });

  it.each([
    { host: '0.0.0.0', devAuth: true, devClock: null },
    { host: '192.168.1.2', devAuth: false, devClock: createDevClock() },
    { host: '::', devAuth: true, devClock: createDevClock() },
  ])('refuses development options on $host', async (change) => {
    await expect(startServer(settings(change))).rejects.toThrow('works on loopback only');
  });

  it('lets the store go when the port is taken', async () => {
    const server = await startServer(settings());
    const storage = referenceStorage();
    const port = Number(new URL(server.address).port);
    await expect(startServer(settings({ storage, port }))).rejects.toThrow('EADDRINUSE');
    expect((await storage.health()).ready).toBe(false);
    await server.stop();
  });
});

describe('words', () => {
  it('know loopback', () => {
    expect(['127.0.0.1', '127.1.2.3', 'localhost', '::1', '[::1]'].every(isLoopback)).toBe(true);
    expect(['0.0.0.0', '10.0.0.1', '128.0.0.1', '127.evil.example', '::', ''].some(isLoopback)).toBe(false);
  });

  it('never show the password of a database', () => {
    const shown = describeStore({ data: 'x', databaseUrl: 'postgres://user:hunter2@db.example:5432/tally' });
    expect(shown).toBe('postgres, db.example:5432/tally');
    expect(describeStore({ data: 'x', databaseUrl: 'host=db password=hunter2' })).toBe('postgres');
  });

  it('say what to do about errors that were foreseen', () => {
    expect(readableError(new StorageError('store_in_use', 'In use.'))).toContain('POST and DELETE /v1/keys');
    expect(readableError(new StorageError('schema_out_of_date', 'Old.'))).toContain('tallykit migrate');
    expect(readableError(new CommandError('Choose.'))).toBe('Choose.');
    const problem = problemError({ status: 404, code: 'key_not_found', title: 'x', detail: 'No such key.' });
    expect(readableError(problem)).toBe('No such key. (key_not_found)');
    expect(readableError(Object.assign(new Error('listen'), { code: 'EADDRINUSE' }))).toContain('--port');
    expect(readableError(new Error('odd'))).toContain('cli.test.ts');
  });

  it('keep what the store knows of an organization unless told', () => {
    const stored = { id: 'default', name: 'Desk', timeZone: 'Asia/Kathmandu' };
    expect(chosenOrganization({ organization: 'default' }, stored)).toEqual(stored);
    expect(chosenOrganization({ organization: 'default', timeZone: 'UTC' }, stored).timeZone).toBe('UTC');
    expect(chosenOrganization({ organization: 'x' }, null)).toEqual({ id: 'x', name: 'x', timeZone: 'UTC' });
  });
});
