import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import OpenAI from 'openai';
import { createTracker } from '@tallykit/tracker-sdk';
import { wrapOpenAI } from '@tallykit/tracker-sdk/openai';
import { cpuOf, interleave, repeat } from '../interleave.ts';
import { summarize, type Measurement, type Scenario } from '../measurement.ts';
import { answerInMemory } from './provider-answers.ts';

interface Sink {
  readonly endpoint: string;
  readonly seen: { requests: number; bytes: number; events: number };
  readonly close: () => Promise<void>;
}

/** A server that accepts everything and counts what reached it. Its own CPU is in both figures of a pair only when it is used. */
async function startSink(): Promise<Sink> {
  const seen = { requests: 0, bytes: 0, events: 0 };
  const server = createServer((incoming, response) => {
    const parts: Buffer[] = [];
    incoming.on('data', (part: Buffer) => parts.push(part));
    incoming.on('end', () => {
      const body = Buffer.concat(parts);
      seen.requests++;
      seen.bytes += body.length;
      const text = incoming.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
      const events = (JSON.parse(text.toString()) as { events: unknown[] }).events.length;
      seen.events += events;
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ accepted: events, duplicates: 0, problems: [] }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

const calls = 4_000;
const request = {
  model: 'gpt-4o-mini',
  messages: [{ role: 'user' as const, content: 'Where is my parcel?' }],
};

async function measure(): Promise<readonly Measurement[]> {
  const sink = await startSink();
  const bare = new OpenAI({ apiKey: 'bench', fetch: answerInMemory() });
  const tracker = createTracker({ endpoint: sink.endpoint, apiKey: 'tk_ingest_bench' });
  const tracked = wrapOpenAI(new OpenAI({ apiKey: 'bench', fetch: answerInMemory() }), tracker);
  const attributionOf = (index: number) => ({
    customerId: `cus_${index % 40}`,
    productId: 'support-agent',
    flow: 'triage',
    userId: `user_${index % 400}`,
    conversationId: `conversation_${index % 900}`,
  });
  const pairs = await interleave({
    rounds: 10,
    warmup: 3,
    bare: () =>
      cpuOf(() => repeat(calls, 32, async () => void (await bare.chat.completions.create(request)))),
    ours: () =>
      cpuOf(async () => {
        await repeat(calls, 32, (index): Promise<void> =>
          tracker.run(
            attributionOf(index),
            async () => void (await tracked.chat.completions.create(request)),
          ),
        );
        await tracker.flush();
      }),
  });
  await tracker.shutdown();
  await sink.close();
  return [
    summarize(
      'added CPU a call over HTTP, 32 at once, flush and the counting server included',
      'us',
      pairs.map((pair) => (pair.ours - pair.bare) / calls),
      {
        target: { kind: 'at most', value: 45 },
        note: 'the server that counts runs in the same process, so its share is in the figure',
      },
    ),
    {
      what: 'bytes on the wire a call, full attribution',
      unit: 'bytes',
      value: sink.seen.bytes / sink.seen.events,
      target: { kind: 'at most', value: 120 },
    },
    {
      what: 'requests per 1,000 calls at saturation',
      unit: 'requests',
      value: (sink.seen.requests * 1000) / sink.seen.events,
      target: { kind: 'at most', value: 3 },
    },
  ];
}

/** What the tracker sends. */
export const overHttp: Scenario = {
  id: 'tracker/over-http',
  question: 'What does delivery over HTTP cost, in CPU, bytes and requests?',
  run: measure,
};
