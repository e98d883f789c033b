import { expect, test } from 'vitest';
import { call, setUp } from './__fixtures__/set-up.ts';
import type { EventSpool } from './event-spool.ts';

const nothing = (): void => undefined;

test('a spool of the host that fails stops neither the process nor delivery', async () => {
  let settled = 0;
  const spool: EventSpool = {
    open: nothing,
    keep: nothing,
    settle() {
      if (++settled === 1) throw new Error('canary');
    },
    spill: nothing,
    spilled: () => 0,
    restore: () => 0,
    close: (unsent) => unsent,
  };
  const { collector, tracker } = await setUp(undefined, { spool, flushIntervalMs: 10 });
  tracker.record(call);
  await tracker.flush();
  tracker.record(call);
  await tracker.flush();
  expect(collector.landed.size).toBe(2);
  expect(tracker.stats()).toMatchObject({ accepted: 2, queued: 0, lost: { observer_failed: 1 } });
});
