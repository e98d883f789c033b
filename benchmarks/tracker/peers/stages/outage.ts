import { bytesInUse } from '../../heap.ts';
import { flushWithin, makeCalls, moment, type Stage } from './stage.ts';

const calls = 10_000;

/** The collector answers 503 during 10,000 calls, and then comes back. */
export const outage: Stage = {
  id: 'outage',
  timeoutMs: 40_000,
  async run({ peer, collector, found, scale }) {
    // Whatever the first calls load and compile is not the queue's.
    await makeCalls(peer.client, { count: 1_000, atOnce: 32, within: peer.within });
    await flushWithin(peer, 3_000);
    await collector.reset();
    await collector.answerWith(503);
    const before = await bytesInUse();
    const made = await makeCalls(peer.client, {
      count: Math.ceil(calls * scale),
      atOnce: 32,
      within: peer.within,
      until: performance.now() + 10_000,
    });
    await moment(500);
    const during = await bytesInUse();
    found({ outageHeapAnEvent: (during - before) / made });
    await collector.answerWith(200);
    const end = performance.now() + 8_000;
    let arrived = 0;
    let moved = performance.now();
    do {
      await flushWithin(peer, 2_000);
      await moment(250);
      const { calls: now } = await collector.seen();
      if (now > arrived) moved = performance.now();
      arrived = now;
      // Four seconds without anything new, and what is missing was dropped or waits for minutes.
    } while (arrived < made && performance.now() < Math.min(end, moved + 4_000));
    const { lossesTold } = await collector.seen();
    const counted = peer.lost?.();
    const told = lossesTold ? 'a count, to the collector' : counted === undefined ? undefined : 'a count';
    found({ outage: { made, arrived }, ...(told === undefined ? {} : { lossesTold: told }) });
  },
};
