import OpenAI from 'openai';
import { createTracker } from '@tallykit/tracker-sdk';
import { wrapOpenAI } from '@tallykit/tracker-sdk/openai';
import { cpuOf, interleave, repeat, wallOf } from '../interleave.ts';
import { summarize, type Measurement, type Scenario } from '../measurement.ts';
import { answerInMemory, streamInMemory } from './provider-answers.ts';

const callsPerRound = 4_000;
const streamsPerRound = 40;
const chunksPerStream = 1_000;
const attribution = { customerId: 'cus_42', productId: 'support-agent', flow: 'triage' };
const request = {
  model: 'gpt-4o-mini',
  messages: [{ role: 'user' as const, content: 'Where is my parcel?' }],
};

function takeEverything() {
  return createTracker({
    transport: async (batch) => ({ accepted: batch.events.length, duplicates: 0, problems: [] }),
  });
}

async function addedCpuACall(atOnce: number): Promise<Measurement> {
  const bare = new OpenAI({ apiKey: 'bench', fetch: answerInMemory() });
  const tracker = takeEverything();
  const tracked = wrapOpenAI(new OpenAI({ apiKey: 'bench', fetch: answerInMemory() }), tracker);
  const pairs = await interleave({
    rounds: 14,
    warmup: 4,
    bare: () =>
      cpuOf(() =>
        repeat(callsPerRound, atOnce, async () => void (await bare.chat.completions.create(request))),
      ),
    ours: () =>
      cpuOf(async () => {
        await repeat(callsPerRound, atOnce, (): Promise<void> =>
          tracker.run(attribution, async () => void (await tracked.chat.completions.create(request))),
        );
        await tracker.flush();
      }),
  });
  await tracker.shutdown();
  return summarize(
    `added CPU a call in memory, ${atOnce} at once`,
    'us',
    pairs.map((pair) => (pair.ours - pair.bare) / callsPerRound),
    {
      ...(atOnce === 32 ? { target: { kind: 'at most', value: 35 } as const } : {}),
      note: `bare client ${(pairs.reduce((sum, pair) => sum + pair.bare, 0) / pairs.length / callsPerRound).toFixed(0)} us a call; flush counted in`,
    },
  );
}

async function addedLatency(): Promise<Measurement> {
  const bare = new OpenAI({ apiKey: 'bench', fetch: answerInMemory() });
  const tracker = takeEverything();
  const tracked = wrapOpenAI(new OpenAI({ apiKey: 'bench', fetch: answerInMemory() }), tracker);
  const pairs = await interleave({
    rounds: 10,
    warmup: 3,
    bare: () =>
      wallOf(() => repeat(callsPerRound, 1, async () => void (await bare.chat.completions.create(request)))),
    ours: () =>
      wallOf(() =>
        repeat(callsPerRound, 1, async () => void (await tracked.chat.completions.create(request))),
      ),
  });
  await tracker.shutdown();
  return summarize(
    'added latency a call in memory, one at a time',
    'us',
    pairs.map((pair) => ((pair.ours - pair.bare) * 1000) / callsPerRound),
  );
}

async function addedCpuAChunk(): Promise<Measurement> {
  const bare = new OpenAI({ apiKey: 'bench', fetch: streamInMemory(chunksPerStream) });
  const tracker = takeEverything();
  const tracked = wrapOpenAI(
    new OpenAI({ apiKey: 'bench', fetch: streamInMemory(chunksPerStream) }),
    tracker,
  );
  const readAll = async (client: OpenAI): Promise<void> => {
    const stream = await client.chat.completions.create({
      ...request,
      stream: true,
      stream_options: { include_usage: true },
    });
    for await (const chunk of stream) void chunk;
  };
  const pairs = await interleave({
    rounds: 14,
    warmup: 4,
    bare: () => cpuOf(() => repeat(streamsPerRound, 4, () => readAll(bare))),
    ours: () => cpuOf(() => repeat(streamsPerRound, 4, () => readAll(tracked))),
  });
  await tracker.shutdown();
  const chunks = streamsPerRound * chunksPerStream;
  return summarize(
    'added CPU a streamed chunk',
    'us',
    pairs.map((pair) => (pair.ours - pair.bare) / chunks),
    {
      target: { kind: 'at most', value: 1.5 },
      note: `bare client ${(pairs.reduce((sum, pair) => sum + pair.bare, 0) / pairs.length / chunks).toFixed(1)} us a chunk`,
    },
  );
}

/** What the tracker costs the application it rides in. */
export const addedCpu: Scenario = {
  id: 'tracker/added-cpu',
  question: 'What does a wrapped call cost the application, compared with the bare client?',
  run: async () => [
    await addedCpuACall(32),
    await addedCpuACall(1),
    await addedLatency(),
    await addedCpuAChunk(),
  ],
};
