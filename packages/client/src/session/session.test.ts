import { inspect } from 'node:util';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { createClient, type ClientOptions } from '../create-client.ts';
import type { EmbedSession } from '@tallykit/protocol';
import { fixtureProblems } from '../testing/handlers/problem-response.ts';
import { sessionFixture } from '../testing/fixtures/session.ts';
import {
  sendJson,
  startTestServer,
  type SeenRequest,
  type TestServer,
} from '../testing/start-test-server.ts';
import type { GetSession } from './token-source.ts';

const minute = 60_000;
const servers: TestServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

/** A host's clock that a test moves by hand. */
function handClock(start = Date.UTC(2026, 10, 20, 10, 42)) {
  let now = start;
  return { now: () => now, advance: (ms: number) => (now += ms) };
}

function jwt(claims: Readonly<Record<string, unknown>>): string {
  return `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.signature`;
}

interface Minting {
  readonly clock: { now(): number };
  readonly minutes?: number;
  readonly subject?: () => string;
  /** How far the server's clock is ahead of this machine's. */
  readonly skewMs?: number;
}

/** A host's backend: counts its answers and mints tokens as the server does. */
function minter({ clock, minutes = 15, subject = () => 'ann', skewMs = 0 }: Minting) {
  return vi.fn<GetSession>(async () => {
    const issued = clock.now() + skewMs;
    const expires = issued + minutes * minute;
    const token = jwt({
      sub: subject(),
      org: 'default',
      customer: 'cus_1',
      jti: Math.random(),
      iat: Math.floor(issued / 1000),
      exp: Math.floor(expires / 1000),
    });
    return { token, expiresAt: new Date(expires).toISOString() } satisfies EmbedSession;
  });
}

async function meet(
  options: Partial<ClientOptions>,
  accepts: (request: SeenRequest, index: number) => boolean = () => true,
) {
  const server = await startTestServer((response, request, index) =>
    accepts(request, index)
      ? sendJson(response, sessionFixture())
      : sendJson(response, fixtureProblems.unauthenticated, { status: 401 }),
  );
  servers.push(server);
  return { client: createClient({ baseUrl: server.baseUrl, retry: false, ...options }), server };
}

describe('a token', () => {
  test('is fetched once for many widgets that start together', async () => {
    const getSession = minter({ clock: handClock() });
    const { client, server } = await meet({ getSession });
    await Promise.all(Array.from({ length: 8 }, () => client.server.openApi()));
    expect(getSession).toHaveBeenCalledTimes(1);
    expect(new Set(server.seen.map(({ headers }) => headers.authorization)).size).toBe(1);
  });

  test('is not fetched before it is needed', async () => {
    const getSession = minter({ clock: handClock() });
    await meet({ getSession });
    expect(getSession).not.toHaveBeenCalled();
  });

  test('is renewed before it ends without anybody waiting', async () => {
    const clock = handClock();
    const getSession = minter({ clock });
    const { client, server } = await meet({ getSession, now: clock.now });
    await client.server.openApi();
    clock.advance(14.5 * minute);
    await Promise.all([client.server.openApi(), client.server.openApi()]);
    expect(server.seen[1]?.headers.authorization).toBe(server.seen[0]?.headers.authorization);
    await vi.waitFor(() => expect(getSession).toHaveBeenCalledTimes(2));
    await client.server.openApi();
    expect(server.seen[3]?.headers.authorization).not.toBe(server.seen[0]?.headers.authorization);
    expect(getSession.mock.calls.map(([request]) => request.reason)).toEqual(['first', 'expiry']);
  });

  test('that has ended is never sent', async () => {
    const clock = handClock();
    const getSession = minter({ clock });
    const { client, server } = await meet({ getSession, now: clock.now });
    await client.server.openApi();
    clock.advance(3 * 60 * minute);
    await client.server.openApi();
    expect(server.seen[1]?.headers.authorization).not.toBe(server.seen[0]?.headers.authorization);
  });

  test('that is refused is renewed once for all, and every question is asked again', async () => {
    const getSession = minter({ clock: handClock() });
    let revoked: string | undefined;
    const { client, server } = await meet({ getSession }, ({ headers }) => headers.authorization !== revoked);
    await client.server.openApi();
    revoked = server.seen[0]?.headers.authorization;
    await Promise.all([client.server.openApi(), client.server.openApi(), client.server.openApi()]);
    expect(getSession).toHaveBeenCalledTimes(2);
    expect(getSession.mock.calls[1]?.[0].reason).toBe('refused');
  });

  test('that is refused again ends in the problem and not in a loop', async () => {
    const getSession = minter({ clock: handClock() });
    const { client, server } = await meet({ getSession }, () => false);
    await expect(client.server.openApi()).rejects.toMatchObject({ kind: 'problem', status: 401 });
    expect(getSession).toHaveBeenCalledTimes(2);
    expect(server.seen).toHaveLength(2);
  });

  test('lets a refused write be sent again, because it was never taken', async () => {
    const getSession = minter({ clock: handClock() });
    const { client } = await meet({ getSession }, (_, index) => index > 0);
    await expect(client.customers.erase('cus_1')).rejects.toMatchObject({ kind: 'protocol' });
    expect(getSession).toHaveBeenCalledTimes(2);
  });

  test.each([
    ['two hours ahead', 120 * minute],
    ['two hours behind', -120 * minute],
  ])('works when the server is %s of this machine', async (_, skewMs) => {
    const clock = handClock();
    const getSession = minter({ clock, skewMs });
    const { client } = await meet({ getSession, now: clock.now });
    await client.server.openApi();
    clock.advance(10 * minute);
    await client.server.openApi();
    expect(getSession).toHaveBeenCalledTimes(1);
    clock.advance(6 * minute);
    await client.server.openApi();
    expect(getSession).toHaveBeenCalledTimes(2);
  });

  test('of an unknown kind whose end lies in the past by our clock is still used, not fetched for every request', async () => {
    const clock = handClock();
    const getSession = vi.fn<GetSession>(async () => ({
      token: 'opaque',
      expiresAt: new Date(clock.now() - 60 * minute).toISOString(),
    }));
    const { client } = await meet({ getSession, now: clock.now });
    for (let count = 0; count < 5; count += 1) await client.server.openApi();
    expect(getSession).toHaveBeenCalledTimes(1);
  });

  test('is in no error that a host may log', async () => {
    const token = jwt({ sub: 'ann', iat: 1, exp: 901 });
    const getSession: GetSession = async () => ({ token, expiresAt: '2026-11-20T11:00:00Z' });
    const refused = await meet({ getSession }, () => false);
    const late = createClient({ baseUrl: refused.server.baseUrl, getSession, timeoutMs: 1, retry: false });
    const away = createClient({ baseUrl: 'http://127.0.0.1:9', getSession, retry: false });
    for (const client of [refused.client, late, away]) {
      const error: unknown = await client.server.openApi().catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(Error);
      expect(inspect(error, { depth: null, showHidden: true })).not.toContain(token);
    }
  });

  test('never travels with a cookie, nor in an address', async () => {
    const seen: RequestInit['credentials'][] = [];
    const spy: typeof fetch = async (input, init) => {
      const request = new Request(input, init);
      seen.push(request.credentials);
      expect(request.url).not.toContain('e30.');
      return fetch(request);
    };
    const { client } = await meet({ getSession: minter({ clock: handClock() }), fetch: spy });
    await client.server.openApi();
    expect(seen).toEqual(['omit']);
  });
});

describe('getSession', () => {
  test('that fails is a session error with its cause, and is asked again by the next request', async () => {
    const cause = new Error('signed out of the host');
    const working = minter({ clock: handClock() });
    const getSession = vi.fn<GetSession>(working).mockRejectedValueOnce(cause);
    const { client } = await meet({ getSession });
    await expect(client.server.openApi()).rejects.toMatchObject({ kind: 'session', cause });
    await expect(client.server.openApi()).resolves.toBeTypeOf('object');
  });

  test('that fails in the background disturbs nobody and is not asked at every request', async () => {
    const clock = handClock();
    const getSession = minter({ clock });
    const { client } = await meet({ getSession, now: clock.now });
    await client.server.openApi();
    getSession.mockRejectedValue(new Error('backend restarts'));
    clock.advance(14.2 * minute);
    for (let count = 0; count < 4; count += 1) await client.server.openApi();
    expect(getSession).toHaveBeenCalledTimes(2);
    clock.advance(10_000);
    await client.server.openApi();
    expect(getSession).toHaveBeenCalledTimes(3);
  });

  test('that answers with something else says what it should be', async () => {
    const getSession = (async () => ({ jwt: 'x' })) as unknown as GetSession;
    const { client } = await meet({ getSession });
    await expect(client.server.openApi()).rejects.toThrow('{ token, expiresAt }');
  });

  test('that never answers ends with the timeout and its signal fires', async () => {
    let fired = false;
    const getSession: GetSession = ({ signal }) =>
      new Promise(() => signal.addEventListener('abort', () => (fired = true)));
    const { client } = await meet({ getSession, timeoutMs: 30 });
    await expect(client.server.openApi()).rejects.toMatchObject({ kind: 'session' });
    expect(fired).toBe(true);
  });

  test('is not disturbed when one of those who wait for it leaves', async () => {
    const clock = handClock();
    let deliver: (() => void) | undefined;
    const mint = minter({ clock });
    const getSession: GetSession = async (request) => {
      await new Promise<void>((resolve) => (deliver = resolve));
      return mint(request);
    };
    const { client } = await meet({ getSession });
    const controller = new AbortController();
    const leaving = client.server.openApi({ signal: controller.signal });
    const staying = client.server.openApi();
    await vi.waitFor(() => expect(deliver).toBeDefined());
    controller.abort(new Error('left'));
    await expect(leaving).rejects.toThrow('left');
    deliver?.();
    await expect(staying).resolves.toBeTypeOf('object');
  });
});

describe('the principal', () => {
  test('stays the same over renewals', async () => {
    const clock = handClock();
    const { client } = await meet({ getSession: minter({ clock }), now: clock.now });
    const changed = vi.fn();
    client.session.subscribe(changed);
    const before = client.session.principal();
    await client.server.openApi();
    clock.advance(20 * minute);
    await client.server.openApi();
    expect(client.session.principal()).toBe(before);
    expect(changed).not.toHaveBeenCalled();
  });

  test('changes when a renewed token is of somebody else, and the answer under way is thrown away', async () => {
    const clock = handClock();
    let subject = 'ann';
    const { client, server } = await meet({
      getSession: minter({ clock, subject: () => subject }),
      now: clock.now,
    });
    const changed = vi.fn();
    client.session.subscribe(changed);
    const before = client.session.principal();
    await client.server.openApi();
    subject = 'bob';
    clock.advance(20 * minute);
    await expect(client.server.openApi()).rejects.toMatchObject({ kind: 'principal_changed' });
    expect(server.seen).toHaveLength(1);
    expect(client.session.principal()).not.toBe(before);
    expect(changed).toHaveBeenCalledTimes(1);
    await expect(client.server.openApi()).resolves.toBeTypeOf('object');
  });

  test('changes when the server takes the caller for somebody else', async () => {
    let subject = 'ann';
    const server = await startTestServer((response) => sendJson(response, { ...sessionFixture(), subject }));
    servers.push(server);
    const client = createClient({ baseUrl: server.baseUrl });
    const before = client.session.principal();
    await client.session.get();
    subject = 'bob';
    await expect(client.session.get()).rejects.toMatchObject({ kind: 'principal_changed' });
    expect(client.session.principal()).not.toBe(before);
    await expect(client.session.get()).resolves.toMatchObject({ subject: 'bob' });
  });

  test('of two clients is never the same unless the host says so', () => {
    const principals = ['a', 'b'].map(() => createClient({ baseUrl: '/api' }).session.principal());
    expect(new Set(principals).size).toBe(2);
    expect(createClient({ baseUrl: '/api', principal: 'user-7' }).session.principal()).toBe('user-7');
  });

  test('changes on sign-out: the token is forgotten and what is under way fails', async () => {
    const getSession = minter({ clock: handClock() });
    const { client } = await meet({ getSession });
    await client.server.openApi();
    const underWay = client.server.openApi();
    client.session.change('bob');
    await expect(underWay).rejects.toMatchObject({ kind: 'principal_changed' });
    expect(client.session.principal()).toBe('bob');
    await client.server.openApi();
    expect(getSession).toHaveBeenCalledTimes(2);
  });

  test('is not given the token that was fetched for the one who left', async () => {
    const clock = handClock();
    const mint = minter({ clock });
    const tokens: string[] = [];
    let deliver: (() => void) | undefined;
    const getSession: GetSession = async (request) => {
      if (tokens.length === 0) await new Promise<void>((resolve) => (deliver = resolve));
      const session = await mint(request);
      tokens.push(session.token);
      return session;
    };
    const { client, server } = await meet({ getSession });
    const first = client.server.openApi();
    await vi.waitFor(() => expect(deliver).toBeDefined());
    client.session.change();
    deliver?.();
    await expect(first).rejects.toMatchObject({ kind: 'session' });
    await client.server.openApi();
    expect(server.seen.map(({ headers }) => headers.authorization)).toEqual([`Bearer ${tokens[1]}`]);
  });

  test('that a question was made for must still be signed in', async () => {
    const { client, server } = await meet({});
    const principal = client.session.principal();
    client.session.change();
    await expect(client.server.openApi({ principal })).rejects.toMatchObject({ kind: 'principal_changed' });
    expect(server.seen).toHaveLength(0);
  });
});
