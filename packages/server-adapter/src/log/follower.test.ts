import { describe, expect, it, vi } from 'vitest';
import type { RollupStep } from '../storage/contract/rollup-store.ts';
import type { Storage } from '../storage/contract/storage.ts';
import { referenceStorage } from '../testing/reference/reference-storage.ts';
import { createFollower } from './follower.ts';

async function storeWithSteps(step: () => Promise<RollupStep>): Promise<Storage> {
  const storage = referenceStorage();
  await storage.ensureOrganization({ id: 'o', name: 'O', timeZone: 'UTC' });
  return {
    ...storage,
    forOrganization: (principal) => ({ ...storage.forOrganization(principal), advanceRollups: step }),
  };
}

const sleep = () => Promise.resolve();

describe('createFollower', () => {
  it('steps until the head is reached', async () => {
    const steps = [
      { from: 0, to: 5, head: 9 },
      { from: 5, to: 9, head: 9 },
    ];
    const advance = vi.fn(async () => steps.shift() ?? { from: 9, to: 9, head: 9 });
    const storage = await storeWithSteps(advance);
    await createFollower({ storage, onError: () => undefined, sleep }).tick();
    expect(advance).toHaveBeenCalledTimes(2);
  });

  it('asks again while another process holds the cursor', async () => {
    const steps = [
      { from: 0, to: 0, head: 9 },
      { from: 9, to: 9, head: 9 },
    ];
    const advance = vi.fn(async () => steps.shift() ?? { from: 9, to: 9, head: 9 });
    const storage = await storeWithSteps(advance);
    await createFollower({ storage, onError: () => undefined, sleep }).tick();
    expect(advance).toHaveBeenCalledTimes(2);
  });

  it('takes many pokes in one step and never runs two at once', async () => {
    let active = 0;
    let most = 0;
    const advance = vi.fn(async () => {
      active += 1;
      most = Math.max(most, active);
      await new Promise((resolve) => setImmediate(resolve));
      active -= 1;
      return { from: 0, to: 1, head: 1 };
    });
    const storage = await storeWithSteps(advance);
    const follower = createFollower({ storage, onError: () => undefined, delayMs: 1 });
    follower.start();
    for (let poke = 0; poke < 50; poke += 1) follower.poke('o');
    await vi.waitFor(() => expect(advance).toHaveBeenCalled());
    await follower.stop();
    expect(most).toBe(1);
    expect(advance.mock.calls.length).toBeLessThan(3);
  });

  it.each(Array.from({ length: 12 }, (_, turns) => turns))(
    'acts on a poke that comes %i turns after a step has ended',
    async (turns) => {
      const advance = vi.fn(async () => ({ from: 0, to: 1, head: 1 }));
      const follower = createFollower({
        storage: await storeWithSteps(advance),
        onError: () => undefined,
        sleep,
      });
      follower.start();
      follower.poke('o');
      while (advance.mock.calls.length === 0) await Promise.resolve();
      for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
      follower.poke('o');
      await new Promise((resolve) => setImmediate(resolve));
      expect(advance).toHaveBeenCalledTimes(2);
      await follower.stop();
    },
  );

  it('tells of a failure in the background and tries again at the next poke', async () => {
    const onError = vi.fn();
    const advance = vi.fn(async (): Promise<RollupStep> => {
      if (advance.mock.calls.length === 1) throw new Error('gone');
      return { from: 0, to: 1, head: 1 };
    });
    const follower = createFollower({ storage: await storeWithSteps(advance), onError, sleep });
    follower.start();
    follower.poke('o');
    await vi.waitFor(() => expect(onError).toHaveBeenCalledTimes(1));
    follower.poke('o');
    await vi.waitFor(() => expect(advance).toHaveBeenCalledTimes(2));
    await follower.stop();
  });

  it('stops at once instead of waiting for its delay', async () => {
    const follower = createFollower({
      storage: await storeWithSteps(async () => ({ from: 0, to: 0, head: 0 })),
      onError: () => undefined,
      sleep: () => new Promise(() => undefined),
    });
    follower.start();
    follower.poke('o');
    await follower.stop();
    follower.poke('o');
  });
});
