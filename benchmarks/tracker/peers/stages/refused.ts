import { bytesInUse } from '../../heap.ts';
import { flushWithin, makeCalls, moment, type Stage } from './stage.ts';

/** The collector goes away, and up to 50,000 calls are made without it. */
export const refused: Stage = {
  id: 'refused',
  timeoutMs: 30_000,
  async run({ peer, collector, found, scale }) {
    await makeCalls(peer.client, { count: 1_000, atOnce: 32, within: peer.within });
    await flushWithin(peer, 3_000);
    await collector.close();
    const before = await bytesInUse();
    const refusedCalls = await makeCalls(peer.client, {
      count: Math.ceil(50_000 * scale),
      atOnce: 32,
      within: peer.within,
      until: performance.now() + 8_000,
    });
    await moment(500);
    const refusedHeapBytes = (await bytesInUse()) - before;
    found({ refusedCalls, refusedHeapBytes });
  },
};
