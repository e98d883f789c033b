import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serve } from '@hono/node-server';
import express from 'express';
import Fastify from 'fastify';
import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import { bodyAlreadyRead } from '../http/body-problems.ts';
import { readJsonBody } from '../http/read-body.ts';
import { describeFramework, type RunningMount } from '../testing/describe-framework.ts';
import { toExpressHandler } from './express.ts';
import { toFastifyPlugin } from './fastify.ts';
import { toHonoHandler } from './hono.ts';
import { toNextRoutes, type NextRoutes } from './next.ts';
import { toNodeListener } from './node.ts';

function running(server: Server): RunningMount {
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listening(listener: RequestListener): Promise<RunningMount> {
  const server = createServer(listener);
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(running(server))));
}

describeFramework('node', (mountable) => {
  const listener = toNodeListener(mountable);
  return listening((request, response) => void listener(request, response));
});

describeFramework('express', (mountable) => {
  const app = express();
  app.use('/api/tallykit', toExpressHandler(mountable));
  return listening(app);
});

describeFramework('fastify', async (mountable) => {
  const app = Fastify();
  await app.register(toFastifyPlugin(mountable), { prefix: '/api/tallykit' });
  app.post('/own', (request) => request.body);
  await app.listen({ port: 0, host: '127.0.0.1' });
  return { ...running(app.server), close: () => app.close() };
});

describeFramework('hono', (mountable) => {
  const app = new Hono();
  app.onError(() => new Response('failed', { status: 500 }));
  app.all('/api/tallykit/*', toHonoHandler(mountable));
  return new Promise((resolve) => {
    const server = serve(
      { fetch: app.fetch, port: 0, hostname: '127.0.0.1', overrideGlobalObjects: false },
      () => resolve(running(server as Server)),
    );
  });
});

// Next calls the functions of a route file with standard requests; a bare server stands in for its router here.
describeFramework('next', (mountable) => {
  const routes = toNextRoutes(mountable);
  const listener = toNodeListener({
    handler: (request) => routes[request.method as keyof NextRoutes](request),
  });
  return listening((request, response) => void listener(request, response));
});

describe('express behind a body parser', () => {
  const echo = {
    handler: async (request: Request) =>
      Response.json(await readJsonBody(request, 1000).catch((error: unknown) => ({ error: String(error) }))),
  };
  const post = async (mount: RunningMount, init: RequestInit) => {
    const answer = await fetch(`${mount.origin}/api/tallykit/v1/events`, { method: 'POST', ...init });
    await mount.close();
    return answer.json();
  };
  const json = { 'content-type': 'application/json' };

  it('uses what express.json() has read', async () => {
    const app = express();
    app.use(express.json());
    app.use('/api/tallykit', toExpressHandler(echo));
    expect(await post(await listening(app), { body: '{"n":1.5}', headers: json })).toEqual({ n: 1.5 });
  });

  it('uses what express.raw() has read, decompressed already', async () => {
    const app = express();
    app.use(express.raw({ type: '*/*' }));
    app.use('/api/tallykit', toExpressHandler(echo));
    const { gzipSync } = await import('node:zlib');
    const init = { body: gzipSync('{"n":2}'), headers: { ...json, 'content-encoding': 'gzip' } };
    expect(await post(await listening(app), init)).toEqual({ n: 2 });
  });

  it('says so when a parser has read the body and kept nothing', async () => {
    const app = express();
    app.use((request, _response, next) => {
      request.resume();
      request.on('end', () => next());
    });
    app.use('/api/tallykit', toExpressHandler(echo));
    expect(await post(await listening(app), { body: '{}', headers: json })).toEqual({
      error: `ProblemError: ${bodyAlreadyRead().detail}`,
    });
  });
});
