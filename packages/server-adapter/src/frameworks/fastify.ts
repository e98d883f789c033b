import { getRequestListener } from '@hono/node-server';
import type { FastifyPluginAsync } from 'fastify';
import type { Mountable } from '../http/mountable.ts';

/**
 * Mounts Tallykit in a Fastify app, below the prefix that it is registered with. Body parsers of the app do not apply
 * inside; its hooks do.
 *
 * @example
 * await app.register(toFastifyPlugin(tallykit), { prefix: '/api/tallykit' });
 */
export function toFastifyPlugin(tallykit: Mountable): FastifyPluginAsync {
  const listener = getRequestListener((request) => tallykit.handler(request), {
    overrideGlobalObjects: false,
  });
  return async (app) => {
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', (_request, _payload, done) => done(null));
    app.all('/*', async (request, reply) => {
      reply.hijack();
      await listener(request.raw, reply.raw);
    });
  };
}
