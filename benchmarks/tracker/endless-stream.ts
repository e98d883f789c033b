import OpenAI from 'openai';
import { createTracker } from '@tallykit/tracker-sdk';
import { wrapOpenAI } from '@tallykit/tracker-sdk/openai';
import { interleave } from '../interleave.ts';
import { summarize, type Measurement, type Scenario } from '../measurement.ts';
import { bytesInUse } from './heap.ts';
import { streamText } from './provider-answers.ts';

const request = {
  model: 'gpt-4o-mini',
  messages: [{ role: 'user' as const, content: 'Tell me everything.' }],
  stream: true as const,
  stream_options: { include_usage: true },
};
const chunks = 1_000_000;
const firstAnswers = 400;

/** A `fetch` whose answer is made while it is read: `pieces` times a thousand chunks, then the end. */
function streamOnDemand(pieces: number): typeof fetch {
  const encoder = new TextEncoder();
  const whole = streamText(1000);
  const end = whole.lastIndexOf('data: ', whole.indexOf('"finish_reason":"stop"'));
  const [body, tail] = [encoder.encode(whole.slice(0, end)), encoder.encode(whole.slice(end))];
  return async () => {
    let sent = 0;
    const stream = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (sent++ < pieces) return controller.enqueue(body);
        controller.enqueue(tail);
        controller.close();
      },
    });
    return new Response(stream, { headers: { 'content-type': 'text/event-stream' } });
  };
}

const makeTracker = () =>
  createTracker({
    flushAtExit: false,
    transport: async ({ events }) => ({ accepted: events.length, duplicates: 0, problems: [] }),
  });

async function heapOverAMillionChunks(): Promise<Measurement> {
  const tracker = makeTracker();
  const fetch = streamOnDemand(chunks / 1000);
  const client = wrapOpenAI(new OpenAI({ apiKey: 'bench', fetch }), tracker);
  let seen = 0;
  let early = 0;
  for await (const chunk of await client.chat.completions.create(request)) {
    void chunk;
    if (++seen === chunks / 10) early = await bytesInUse();
  }
  const late = await bytesInUse();
  await tracker.shutdown();
  return {
    what: `heap that a stream of ${seen.toLocaleString('en')} chunks gained after its first tenth`,
    unit: 'KB',
    value: (late - early) / 1024,
    target: { kind: 'at most', value: 1024 },
    note: 'array buffers included, after collecting garbage; less than nothing is noise',
  };
}

async function timeToFirstChunk(): Promise<Measurement> {
  const tracker = makeTracker();
  const bare = new OpenAI({ apiKey: 'bench', fetch: streamOnDemand(1) });
  const tracked = wrapOpenAI(new OpenAI({ apiKey: 'bench', fetch: streamOnDemand(1) }), tracker);
  const first = async (client: OpenAI): Promise<number> => {
    let waited = 0;
    for (let count = 0; count < firstAnswers; count++) {
      const began = performance.now();
      const stream = await client.chat.completions.create(request);
      for await (const chunk of stream) {
        void chunk;
        break;
      }
      waited += performance.now() - began;
    }
    return waited / firstAnswers;
  };
  const pairs = await interleave({
    rounds: 10,
    warmup: 3,
    bare: () => first(bare),
    ours: () => first(tracked),
  });
  await tracker.shutdown();
  return summarize(
    'time to the first chunk of a stream, against the bare client',
    'x',
    pairs.map(({ bare: without, ours }) => ours / without),
    { note: 'answered in memory, so that nothing but the two clients is in it' },
  );
}

/** What the tracker does to streams that are long, and to their beginning. */
export const endlessStream: Scenario = {
  id: 'tracker/endless-stream',
  question: 'Does a long stream cost memory, and does a stream begin later?',
  run: async () => [await heapOverAMillionChunks(), await timeToFirstChunk()],
};
