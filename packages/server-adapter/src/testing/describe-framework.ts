import { request as nodeRequest } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Mountable } from '../http/mountable.ts';

/** A real server that has the given handler mounted below `/api/tallykit`. */
export interface RunningMount {
  /** For example `http://127.0.0.1:41234`. */
  readonly origin: string;
  close(): Promise<void>;
}

/** Starts a real server of one framework. */
export type StartMount = (mountable: Mountable) => Promise<RunningMount>;

const base = '/api/tallykit';

/** What a handler saw of a request. */
interface Seen {
  readonly method: string;
  readonly path: string;
  /** Decoded: frameworks may write the same query in another way. */
  readonly query: readonly (readonly string[])[];
  readonly header: string | null;
  readonly body: string;
}

/**
 * The suite that every mount runs whole, over real sockets: what arrives is what was sent, what is answered is what was
 * answered, and streams, aborts and errors pass through.
 *
 * @example
 * describeFramework('express', startExpressMount);
 */
export function describeFramework(name: string, start: StartMount): void {
  describe(`mounted in ${name}`, () => {
    let mount: RunningMount;
    const aborted = Promise.withResolvers<string>();
    const handler = createEchoHandler((path) => aborted.resolve(path));

    beforeAll(async () => {
      mount = await start({ handler });
    });
    afterAll(() => mount.close());

    const ask = (path: string, init?: RequestInit) => fetch(`${mount.origin}${base}${path}`, init);
    const echo = async (path: string, init?: RequestInit) => (await (await ask(path, init)).json()) as Seen;

    it('passes method, whole path, query and headers on', async () => {
      const seen = await echo('/v1/insights/token-spend?from=a%20b&x=1&x=2', {
        headers: { 'x-probe': 'yes' },
      });
      expect(seen).toEqual({
        method: 'GET',
        path: `${base}/v1/insights/token-spend`,
        query: [
          ['from', 'a b'],
          ['x', '1'],
          ['x', '2'],
        ],
        header: 'yes',
        body: '',
      });
    });

    it.each(['POST', 'PUT', 'DELETE'])('passes a JSON body of %s on, byte by byte', async (method) => {
      const body = '{"name": "Zoë", "n": 1.50}';
      const seen = await echo('/v1/x', { method, body, headers: { 'content-type': 'application/json' } });
      expect(seen).toMatchObject({ method, body: Buffer.from(body).toString('base64') });
    });

    it('leaves a gzipped body as it was sent', async () => {
      const body = gzipSync('{"events":[]}');
      const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
      const seen = await echo('/v1/events', { method: 'POST', body, headers });
      expect(seen.body).toBe(body.toString('base64'));
    });

    it('passes a body of several megabytes on', async () => {
      const body = JSON.stringify({ text: 'x'.repeat(5_000_000) });
      const seen = await echo('/v1/events', {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/json' },
      });
      expect(Buffer.from(seen.body, 'base64')).toHaveLength(body.length);
    });

    it('answers with status, headers and body as they are', async () => {
      const answer = await ask('/v1/problem');
      expect(answer.status).toBe(403);
      expect(answer.headers.get('content-type')).toBe('application/problem+json');
      expect(answer.headers.get('cache-control')).toBe('private, no-store');
      expect(await answer.json()).toEqual({ code: 'role_denied' });
    });

    it('answers an empty 204 and HEAD without a body', async () => {
      const deleted = await ask('/v1/empty', { method: 'DELETE' });
      expect([deleted.status, await deleted.text()]).toEqual([204, '']);
      const head = await ask('/v1/problem', { method: 'HEAD' });
      expect([head.status, await head.text()]).toEqual([403, '']);
    });

    it('passes OPTIONS on', async () => {
      expect(await echo('/v1/x', { method: 'OPTIONS' })).toMatchObject({ method: 'OPTIONS' });
    });

    it('sends a streamed answer piece by piece', async () => {
      const reader = (await ask('/v1/stream')).body?.getReader();
      const first = await reader?.read();
      expect(new TextDecoder().decode(first?.value)).toBe('first\n');
      const second = await reader?.read();
      expect(new TextDecoder().decode(second?.value)).toBe('second\n');
      expect((await reader?.read())?.done).toBe(true);
    });

    it('tells the handler when the asker goes away', async () => {
      await goAway(`${mount.origin}${base}/v1/wait`);
      expect(await aborted.promise).toBe(`${base}/v1/wait`);
    });

    it('goes on answering after a handler has failed', async () => {
      const failed = await ask('/v1/throw');
      expect(failed.status).toBe(500);
      expect(await failed.text()).not.toContain('secret');
      expect((await ask('/v1/problem')).status).toBe(403);
    });
  });
}

function createEchoHandler(onAborted: (path: string) => void): Mountable['handler'] {
  return async (request) => {
    const { pathname, searchParams } = new URL(request.url);
    const headers = { 'content-type': 'application/problem+json', 'cache-control': 'private, no-store' };
    switch (pathname.slice(base.length)) {
      case '/v1/problem':
        return new Response('{"code":"role_denied"}', { status: 403, headers });
      case '/v1/empty':
        return new Response(null, { status: 204 });
      case '/v1/stream':
        return new Response(pieces(), { headers: { 'content-type': 'text/plain' } });
      case '/v1/throw':
        throw new Error('secret');
      case '/v1/wait':
        await new Promise<void>((resolve) => {
          if (request.signal.aborted) resolve();
          request.signal.addEventListener('abort', () => resolve());
        });
        onAborted(pathname);
        return new Response(null, { status: 204 });
      default: {
        const body = Buffer.from(await request.arrayBuffer()).toString('base64');
        const seen: Seen = {
          method: request.method,
          path: pathname,
          query: [...searchParams],
          header: request.headers.get('x-probe'),
          body,
        };
        return Response.json(seen);
      }
    }
  };
}

function pieces(): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    async start(controller) {
      controller.enqueue(encoder.encode('first\n'));
      // Long enough for the first piece to travel alone: a mount that collects would send both at once.
      await new Promise((resolve) => setTimeout(resolve, 60));
      controller.enqueue(encoder.encode('second\n'));
      controller.close();
    },
  });
}

function goAway(url: string): Promise<void> {
  return new Promise((resolve) => {
    const asking = nodeRequest(url);
    asking.on('error', () => resolve());
    asking.end();
    setTimeout(() => asking.destroy(), 60);
  });
}
