import { cpuOf, interleave } from '../../../interleave.ts';
import { summarize } from '../../../measurement.ts';
import type { Rounds } from '../peer-figures.ts';
import { flushWithin, makeCalls, moment, readStreams, type Stage, type StageSetting } from './stage.ts';

const rounds = 5;
const warmUpRounds = 2;
const streams = 16;

/** Chunks in a stream of the provider in memory. */
export const chunksAStream = 500;

async function cpu(
  { peer, bare }: StageSetting,
  { count, atOnce }: { count: number; atOnce: number },
): Promise<Rounds> {
  const pairs = await interleave({
    rounds,
    warmup: warmUpRounds,
    bare: () => cpuOf(async () => void (await makeCalls(bare, { count, atOnce }))),
    ours: () =>
      cpuOf(async () => {
        await makeCalls(peer.client, { count, atOnce, within: peer.within });
        await flushWithin(peer, 5_000);
      }),
  });
  return roundsOf(pairs.map((pair) => (pair.ours - pair.bare) / count));
}

function roundsOf(values: readonly number[]): Rounds {
  const { value } = summarize('', '', values);
  return { value, spread: [Math.min(...values), Math.max(...values)] };
}

/** A bare client that is patched as well would make every difference zero. */
async function bareIsBare({ peer, bare, collector }: StageSetting): Promise<void> {
  await collector.reset();
  await makeCalls(bare, { count: 5, atOnce: 1 });
  await flushWithin(peer, 2_000);
  const { calls } = await collector.seen();
  if (calls > 0) throw new Error('the bare client is recorded too, so there is nothing to compare with');
}

/** All calls of 32 at once arrive, or not; with what they weigh on the wire. */
async function atOnce(setting: StageSetting): Promise<void> {
  const { peer, collector, found, scale } = setting;
  const count = Math.ceil(1_000 * scale);
  await collector.reset();
  const cpuAtOnce = await cpu(setting, { count, atOnce: 32 });
  await moment(300);
  await flushWithin(peer, 5_000);
  const seen = await collector.seen();
  found({
    cpuAtOnce,
    normal: { made: (rounds + warmUpRounds) * count, arrived: seen.calls },
    ...(seen.calls > 0
      ? {
          bytesACall: seen.bytes / seen.calls,
          requestsAThousand: (seen.requests * 1_000) / seen.calls,
          sendsContent: seen.content,
          compresses: seen.compressed,
        }
      : {}),
  });
}

async function chunks({ peer, bare, found, scale }: StageSetting): Promise<void> {
  const count = Math.ceil(streams * scale);
  const pairs = await interleave({
    rounds,
    warmup: warmUpRounds,
    bare: () => cpuOf(() => readStreams(bare, { count })),
    ours: () => cpuOf(() => readStreams(peer.client, { count, within: peer.within })),
  });
  await flushWithin(peer, 5_000);
  found({ cpuAChunk: roundsOf(pairs.map((pair) => (pair.ours - pair.bare) / (count * chunksAStream))) });
}

/** The reader leaves after three chunks. */
async function leftEarly({ peer, collector, found }: StageSetting): Promise<void> {
  await collector.reset();
  const made = 10;
  await readStreams(peer.client, { count: made, within: peer.within, chunks: 3 });
  await flushWithin(peer, 2_000);
  globalThis.gc?.();
  await moment(500);
  await flushWithin(peer, 2_000);
  const { calls } = await collector.seen();
  found({ afterBreak: { made, arrived: calls } });
}

/** What a wrapper costs while everything goes well. */
export const cost: Stage = {
  id: 'cost',
  timeoutMs: 35_000,
  async run(setting) {
    await bareIsBare(setting);
    await atOnce(setting);
    setting.found({
      cpuOneAtATime: await cpu(setting, { count: Math.ceil(500 * setting.scale), atOnce: 1 }),
    });
    await chunks(setting).catch((error: unknown) => setting.failed(`streams: ${String(error)}`));
    await leftEarly(setting).catch((error: unknown) => setting.failed(`early break: ${String(error)}`));
  },
};
