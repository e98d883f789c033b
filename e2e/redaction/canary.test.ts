import Anthropic from '@anthropic-ai/sdk';
import { createOpenAI } from '@ai-sdk/openai';
import { Client as McpClient } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { generateText, streamText, wrapLanguageModel } from 'ai';
import OpenAI from 'openai';
import { describe, expect, test } from 'vitest';
import { createTestPostgres } from '@tallykit/server-adapter/testing';
import { createTracker, type Tracker } from '@tallykit/tracker-sdk';
import { wrapAnthropic } from '@tallykit/tracker-sdk/anthropic';
import { trackedFetch } from '@tallykit/tracker-sdk/fetch';
import { wrapMcpClient } from '@tallykit/tracker-sdk/mcp';
import { wrapOpenAI } from '@tallykit/tracker-sdk/openai';
import { createRelay } from '@tallykit/tracker-sdk/relay';
import { startFakeAnthropic, startFakeOpenAI } from '@tallykit/tracker-sdk/testing';
import { tallykitMiddleware } from '@tallykit/tracker-sdk/vercel-ai';
import * as z from 'zod';
import { clientAs, totalsOf, until } from '../engines/ask.ts';
import { runServer, type ServerStore } from '../engines/run-server.ts';
import { engines } from '../engines/stores.ts';
import { readEverything } from './read-everything.ts';
import { startRecordingProxy } from './recording-proxy.ts';

/** One word, in every place where a host has something to hide. It is found wherever it goes, in pieces too. */
const canary = 'kanarienvogel';
const secret = (place: string): string => `${canary}-${place}-sk-live-0123456789abcdef`;
const messages = [
  { role: 'system' as const, content: secret('system') },
  { role: 'user' as const, content: secret('prompt') },
];
const tools = [
  {
    type: 'function' as const,
    function: {
      name: 'lookup',
      description: secret('description'),
      parameters: { type: 'object', description: secret('schema') },
    },
  },
];
const settled = (work: Promise<unknown>): Promise<void> =>
  work.then(
    () => undefined,
    () => undefined,
  );

async function readAll(stream: AsyncIterable<unknown>, most = Infinity): Promise<void> {
  let seen = 0;
  for await (const item of stream) if (item !== undefined && ++seen >= most) break;
}

async function callOpenAI(tracker: Tracker, baseURL: string): Promise<void> {
  const client = wrapOpenAI(
    new OpenAI({
      apiKey: secret('key'),
      baseURL,
      maxRetries: 1,
      defaultHeaders: { 'x-session': secret('header'), cookie: secret('cookie') },
      defaultQuery: { token: secret('query') },
    }),
    tracker,
    { provider: 'openai', requestUsage: true },
  );
  const request = { model: 'gpt-4o-mini', messages, tools, user: secret('user') };
  const picture = `data:image/png;base64,${Buffer.from(secret('picture')).toString('base64')}`;
  await client.chat.completions.create(request);
  await readAll(await client.chat.completions.create({ ...request, stream: true }));
  await readAll(await client.chat.completions.create({ ...request, stream: true }), 2);
  await client.chat.completions.create({
    model: 'gpt-4o-mini',
    messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: picture } }] }],
  });
  await client.responses.create({
    model: 'gpt-4o-mini',
    input: secret('input'),
    instructions: secret('instructions'),
  });
  await client.embeddings.create({ model: 'text-embedding-3-small', input: secret('embedded') });
  await settled(client.chat.completions.create({ ...request, model: 'fails' }));
}

async function callOthers(tracker: Tracker, openai: string, anthropic: string): Promise<void> {
  const claude = wrapAnthropic(
    new Anthropic({ apiKey: secret('key'), baseURL: anthropic, maxRetries: 0 }),
    tracker,
  );
  const question = {
    model: 'claude-sonnet-4-6',
    max_tokens: 50,
    system: secret('system'),
    messages: [messages[1] as { role: 'user'; content: string }],
  };
  await claude.messages.create(question);
  await readAll(await claude.messages.create({ ...question, stream: true }), 2);
  await settled(claude.messages.create({ ...question, model: 'fails' }));

  const provider = createOpenAI({ apiKey: secret('key'), baseURL: openai });
  const model = wrapLanguageModel({
    model: provider.chat('gpt-4o-mini'),
    middleware: tallykitMiddleware(tracker),
  });
  await generateText({ model, prompt: secret('prompt'), maxRetries: 0 });
  await readAll(streamText({ model, prompt: secret('prompt') }).textStream);

  const fetching = new OpenAI({
    apiKey: secret('key'),
    baseURL: openai,
    fetch: trackedFetch(tracker, { provider: 'openai' }),
  });
  await fetching.chat.completions.create({ model: 'gpt-4o-mini', messages });
}

async function callTools(tracker: Tracker): Promise<void> {
  const server = new McpServer({ name: 'docs', version: '1.0.0' });
  server.registerTool('search', { inputSchema: { query: z.string() } }, async ({ query }) => ({
    content: [{ type: 'text', text: `${secret('result')} ${query}` }],
  }));
  server.registerTool('fail', {}, () => Promise.reject(new Error(secret('failure'))));
  const [mine, theirs] = InMemoryTransport.createLinkedPair();
  const client = wrapMcpClient(new McpClient({ name: 'host', version: '1.0.0' }), tracker);
  await Promise.all([server.connect(theirs), client.connect(mine)]);
  await client.callTool({ name: 'search', arguments: { query: secret('argument') } });
  await settled(client.callTool({ name: 'fail', arguments: { password: secret('argument') } }));
  await client.close();
}

/** What a host hands over by mistake: whole objects of its own, with more in them than asked for. */
function recordByMistake(tracker: Tracker): void {
  const more = { password: secret('password'), text: secret('text'), workspaceSecret: secret('workspace') };
  tracker.signal('resolved', { ...more, value: { type: 'saved', amount: '1', ...more } } as object);
  tracker.goal('booked', { ...more, value: { amount: '1', currency: 'EUR', ...more } } as object);
  tracker.conversation('conv_1', more as object).message('user', more as object);
  tracker.flowRun('onboarding', more as object).end();
  tracker.workspace('ws_1', more as object).during(() => undefined);
  tracker.toolCall({ tool: 'search', status: 'ok', durationMs: 1, ...more } as never);
  tracker.record({ provider: 'openai', operation: 'chat', requestModel: 'gpt-4o-mini', ...more } as never);
  tracker.telemetry('opened', more as object);
}

async function relayPage(endpoint: string, key: string): Promise<void> {
  const relay = createRelay({ endpoint, apiKey: key, attribute: () => ({ customerId: 'cus_1' }) });
  const event = {
    kind: 'telemetry',
    id: '018f0000-0000-7000-8000-000000000001',
    traceId: '0af7651916cd43dd8448eb211c80319c',
    name: 'opened',
  };
  const body = { protocol: 1, sentAt: new Date().toISOString(), events: [event] };
  await relay(
    new Request(`https://host.example/api/usage?token=${secret('query')}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie: secret('cookie') },
      body: JSON.stringify(body),
    }),
  );
}

describe.each(engines)('on $engine', ({ engine, fresh }) => {
  test('no byte of prompts, answers, tools, keys, headers, cookies, errors or secrets leaves the process or is stored', async () => {
    const database = engine === 'postgres' ? await createTestPostgres() : undefined;
    const { store, remove } = database
      ? { store: { engine: 'postgres', url: database.url } as ServerStore, remove: database.drop }
      : await fresh();
    const server = await runServer({ store });
    const proxy = await startRecordingProxy(server.endpoint);
    const key = server.ingestKey ?? '';
    const failure = { status: 400, code: secret('code'), message: secret('error') };
    const openai = await startFakeOpenAI({
      reply: ({ body }) => ({
        text: secret('answer'),
        chunks: [canary, secret('chunk'), secret('chunk')],
        toolCalls: [{ name: 'lookup', arguments: JSON.stringify({ a: secret('argument') }) }],
        usage: { input: 9, output: 4 },
        ...(body['model'] === 'fails' && { failure }),
      }),
    });
    const anthropic = await startFakeAnthropic({
      reply: ({ body }) => ({
        chunks: [canary, secret('chunk'), secret('chunk')],
        usage: { input_tokens: 9, output_tokens: 4 },
        ...(body['model'] === 'fails' && { failure }),
      }),
    });
    try {
      const tracker = createTracker({ endpoint: proxy.endpoint, apiKey: key, flushAtExit: false });
      const attribution = {
        customerId: 'cus_1',
        workspaceId: 'ws_1',
        tags: { authorization: 'Bearer sk-live-0123456789abcdef0123456789abcdef', team: 'support' },
        session: secret('session'),
      };
      await tracker.run(attribution as object, async () => {
        await callOpenAI(tracker, openai.baseURL);
        await callOthers(tracker, openai.baseURL, anthropic.baseURL);
        await callTools(tracker);
        recordByMistake(tracker);
      });
      await tracker.shutdown();
      await relayPage(proxy.endpoint, key);
      // The whole road was driven: otherwise nothing is proven by not finding anything.
      expect(tracker.stats()).toMatchObject({ queued: 0, lost: {} });
      const operator = clientAs(server.endpoint, 'operator');
      const { calls } = await until(
        () => totalsOf(operator),
        (totals) => totals.calls >= 14,
      );
      expect(calls).toBeGreaterThanOrEqual(14);
      expect(proxy.text()).toContain('cus_1');
      expect(proxy.text()).not.toContain(canary);
      await server.stop();
      const stored = await readEverything(store, database?.adminUrl);
      expect(stored).toContain('cus_1');
      expect(stored).toContain('support');
      expect(stored).not.toContain(canary);
      // A tag that looks like a credential is taken off by the server.
      expect(stored).not.toContain('sk-live-0123456789abcdef');
      expect(stored).not.toContain(Buffer.from(secret('picture')).toString('base64').slice(0, 24));
    } finally {
      await server.stop();
      await Promise.all([proxy.close(), openai.close(), anthropic.close()]);
      await remove();
    }
  });
});
