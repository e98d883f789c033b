// A host's Worker as its author writes it, with the published packages. Each path shows one way to count a call.
import { env, waitUntil } from 'cloudflare:workers';
import OpenAI from 'openai';
import { createTracker } from '@tallykit/tracker-sdk';
import { trackedFetch } from '@tallykit/tracker-sdk/fetch';
import { wrapOpenAI } from '@tallykit/tracker-sdk/openai';

export function createEdgeWorker(asyncLocalStorage) {
  const { endpoint, apiKey, baseURL } = env;
  const common = {
    endpoint,
    apiKey,
    ...(asyncLocalStorage && { asyncLocalStorage }),
  };
  // Given the work of sending, and left to itself.
  const kept = createTracker({ ...common, waitUntil, flushTimeoutMs: 2000 });
  const plain = createTracker({ ...common, requestTimeoutMs: 500 });
  const unwrapped = new OpenAI({ apiKey: 'test', baseURL, maxRetries: 0 });
  const openai = wrapOpenAI(new OpenAI({ apiKey: 'test', baseURL, maxRetries: 0 }), kept);
  const counted = trackedFetch(kept);
  const facts = { provider: 'openai', requestModel: 'gpt-4o-mini', operation: 'chat' };
  const usage = { input: 10, output: 5 };
  const body = { model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'hi' }] };
  const ask = (client) => client.chat.completions.create(body);

  const paths = {
    '/ambient': (customerId) => kept.run({ customerId }, () => ask(openai)),
    '/explicit': (customerId) => kept.run({ customerId }, (run) => ask(run.wrap(openai))),
    '/stream': (customerId) =>
      kept.run({ customerId }, async (run) => {
        const stream = await run.wrap(openai).chat.completions.create({ ...body, stream: true });
        for await (const chunk of stream) if (chunk.choices.length > 1) throw new Error('One was asked for.');
      }),
    '/fetch': (customerId) =>
      kept.run({ customerId }, async (run) => {
        const response = await run.wrap(counted)(`${baseURL}/chat/completions`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', authorization: 'Bearer test' },
          body: JSON.stringify(body),
        });
        await response.json();
      }),
    '/untouched': () => ask(unwrapped),
    '/context': (customerId, context) => {
      plain.record({ ...facts, usage, customerId });
      context.waitUntil(plain.flush());
    },
    '/kept': (customerId) => kept.record({ ...facts, usage, customerId }),
    '/forgotten': (customerId) => plain.record({ ...facts, usage, customerId }),
    // The request of the host is over while the batch is on its way, and takes it along.
    '/cut': (customerId) => {
      plain.record({ ...facts, usage, customerId });
      void plain.flush();
    },
    '/flush': async () => (await Promise.all([plain.flush(), kept.flush()])).every(Boolean),
  };

  return {
    async fetch(request, _env, context) {
      const { pathname, searchParams } = new URL(request.url);
      if (pathname === '/stats') return Response.json({ kept: kept.stats(), plain: plain.stats() });
      const path = paths[pathname];
      if (!path) return new Response('Not set up.', { status: 404 });
      const result = await path(searchParams.get('customer'), context);
      return Response.json({ flushed: pathname === '/flush' ? result : undefined });
    },
  };
}
