import OpenAI from 'openai';
import { createTracker } from '@tallykit/tracker-sdk';
import { wrapOpenAI } from '@tallykit/tracker-sdk/openai';
import { cpuOf, interleave, repeat } from '../interleave.ts';
import { summarize, type Measurement, type Scenario } from '../measurement.ts';
import { answerInMemory } from './provider-answers.ts';
import { type Sink, startSink } from './sink.ts';

const calls = 4_000;
const request = {
  model: 'gpt-4o-mini',
  messages: [{ role: 'user' as const, content: 'Where is my parcel?' }],
};

const attributionOf = (index: number) => ({
  customerId: `cus_${index % 40}`,
  productId: 'support-agent',
  flow: 'triage',
  userId: `user_${index % 400}`,
  conversationId: `conversation_${index % 900}`,
});

/** CPU that a call adds, this many at once, and what then has travelled. */
async function addedCpuACall(sink: Sink, atOnce: number): Promise<Measurement> {
  const bare = new OpenAI({ apiKey: 'bench', fetch: answerInMemory() });
  const tracker = createTracker({ endpoint: sink.endpoint, apiKey: 'tk_ingest_bench' });
  const tracked = wrapOpenAI(new OpenAI({ apiKey: 'bench', fetch: answerInMemory() }), tracker);
  const pairs = await interleave({
    rounds: 10,
    warmup: 3,
    bare: () =>
      cpuOf(() => repeat(calls, atOnce, async () => void (await bare.chat.completions.create(request)))),
    ours: () =>
      cpuOf(async () => {
        await repeat(calls, atOnce, (index): Promise<void> =>
          tracker.run(
            attributionOf(index),
            async () => void (await tracked.chat.completions.create(request)),
          ),
        );
        await tracker.flush();
      }),
  });
  await tracker.shutdown();
  return summarize(
    `added CPU a call over HTTP, ${atOnce} at once, flush and the counting server included`,
    'us',
    pairs.map((pair) => (pair.ours - pair.bare) / calls),
    {
      target: { kind: 'at most', value: 45 },
      note: 'the server that counts runs in the same process, so its share is in the figure',
    },
  );
}

async function measure(): Promise<readonly Measurement[]> {
  const sink = await startSink();
  const crowded = await addedCpuACall(sink, 32);
  const { bytes, events, requests } = sink.seen;
  const alone = await addedCpuACall(sink, 1);
  await sink.close();
  return [
    crowded,
    alone,
    {
      what: 'bytes on the wire a call, full attribution',
      unit: 'bytes',
      value: bytes / events,
      target: { kind: 'at most', value: 120 },
    },
    {
      what: 'requests per 1,000 calls at saturation',
      unit: 'requests',
      value: (requests * 1000) / events,
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
