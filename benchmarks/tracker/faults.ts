import OpenAI from 'openai';
import { createTracker, type Tracker, type TrackerOptions } from '@tallykit/tracker-sdk';
import { wrapOpenAI } from '@tallykit/tracker-sdk/openai';
import { repeat, wallOf } from '../interleave.ts';
import type { Measurement, Scenario } from '../measurement.ts';
import { bytesInUse } from './heap.ts';
import { answerInMemory } from './provider-answers.ts';
import { startSink } from './sink.ts';

const request = {
  model: 'gpt-4o-mini',
  messages: [{ role: 'user' as const, content: 'Where is my parcel?' }],
};

/** Makes so many calls, 32 at once, each for a customer, a user and a conversation of its own. */
async function makeCalls(tracker: Tracker, count: number): Promise<void> {
  const client = wrapOpenAI(new OpenAI({ apiKey: 'bench', fetch: answerInMemory() }), tracker);
  await repeat(count, 32, (index): Promise<void> => {
    const attribution = {
      customerId: `cus_${index % 40}`,
      productId: 'support-agent',
      flow: 'triage',
      userId: `user_${index % 400}`,
      conversationId: `conversation_${index % 900}`,
    };
    return tracker.run(attribution, async () => void (await client.chat.completions.create(request)));
  });
}

const lostBy = (tracker: Tracker): number =>
  Object.values(tracker.stats().lost).reduce((sum, count) => sum + count, 0);

function tracking(options: TrackerOptions): Tracker {
  return createTracker({ apiKey: 'tk_ingest_bench', flushAtExit: false, ...options });
}

/** The server answers 503 during 10,000 calls, and then comes back. */
async function outage(): Promise<readonly Measurement[]> {
  const calls = 10_000;
  const sink = await startSink();
  // Whatever the first calls load and compile is not the queue's.
  const warm = tracking({ endpoint: sink.endpoint });
  await makeCalls(warm, calls);
  await warm.shutdown();
  sink.seen.ids.clear();

  sink.answerWith(503);
  const before = await bytesInUse();
  const tracker = tracking({ endpoint: sink.endpoint });
  await makeCalls(tracker, calls);
  // The queue packs what waits while the calls go on, and needs a moment for the last of them.
  await new Promise((resolve) => setTimeout(resolve, 500));
  const during = await bytesInUse();
  sink.answerWith(200);
  for (let attempt = 0; attempt < 20 && sink.seen.ids.size < calls; attempt++) await tracker.flush();
  const delivered = sink.seen.ids.size;
  const lost = lostBy(tracker);
  await tracker.shutdown();
  await sink.close();
  return [
    {
      what: 'answered 503 during 10,000 calls, then back: delivered',
      unit: 'events',
      value: delivered,
      target: { kind: 'at least', value: calls },
      note: `${lost} counted as lost`,
    },
    {
      what: 'answered 503 during 10,000 calls: heap an event that waits',
      unit: 'KB',
      value: (during - before) / calls / 1024,
      target: { kind: 'at most', value: 0.5 },
      note: 'array buffers included, after collecting garbage, half a second after the last call',
    },
  ];
}

/** Nobody listens, and 50,000 calls are made with room for 20,000 events. */
async function refused(): Promise<readonly Measurement[]> {
  const calls = 50_000;
  const room = 20_000;
  const bare = new OpenAI({ apiKey: 'bench', fetch: answerInMemory() });
  const bareMs = await wallOf(() =>
    repeat(calls, 32, async () => void (await bare.chat.completions.create(request))),
  );
  const before = await bytesInUse();
  const tracker = tracking({ endpoint: 'http://127.0.0.1:9', maxQueueEvents: room, flushTimeoutMs: 100 });
  const ourMs = await wallOf(() => makeCalls(tracker, calls));
  const atOnce = await bytesInUse();
  await new Promise((resolve) => setTimeout(resolve, 500));
  const during = await bytesInUse();
  const { recorded, queued } = tracker.stats();
  const lost = lostBy(tracker);
  await tracker.shutdown();
  const missing = tracker.stats().recorded - lostBy(tracker);
  return [
    {
      what: 'refused during 50,000 calls, room for 20,000: events that are neither queued nor counted as lost',
      unit: 'events',
      value: recorded - queued - lost,
      target: { kind: 'at most', value: 0 },
      note: `${queued} queued, ${lost} lost; after shutdown ${missing} unaccounted for`,
    },
    {
      what: 'refused during 50,000 calls, room for 20,000: heap',
      unit: 'MB',
      value: (during - before) / 2 ** 20,
      target: { kind: 'at most', value: 16 },
      note: `the cap on bytes is 16 MiB; ${((atOnce - before) / 2 ** 20).toFixed(1)} MB right after the last call, before all of it was packed`,
    },
    {
      what: 'refused during 50,000 calls: time added to a call',
      unit: 'us',
      value: ((ourMs - bareMs) * 1000) / calls,
      note: 'wall clock, 32 at once, one run each',
    },
  ];
}

/** The server takes 3 s to answer, and a flush may take one. */
async function slow(): Promise<readonly Measurement[]> {
  const sink = await startSink();
  sink.answerWith(200, 3_000);
  const tracker = tracking({ endpoint: sink.endpoint, flushTimeoutMs: 1_000 });
  await makeCalls(tracker, 100);
  const flushMs = await wallOf(async () => void (await tracker.flush()));
  await new Promise((resolve) => setTimeout(resolve, 2_500));
  const delivered = sink.seen.ids.size;
  await tracker.shutdown();
  await sink.close();
  return [
    {
      what: 'answered after 3 s: a flush that may take 1,000 ms',
      unit: 'ms',
      value: flushMs,
      target: { kind: 'at most', value: 1_100 },
      note: `${delivered} of 100 events arrived all the same`,
    },
  ];
}

/** What happens to the application when the server has trouble. */
export const faults: Scenario = {
  id: 'tracker/faults',
  question: 'What does a server that fails, is away or is slow cost the application, and what is lost?',
  run: async () => [...(await outage()), ...(await refused()), ...(await slow())],
};
