import type { Storage } from '../storage/contract/storage.ts';

/** Log entries that are summed in one step. */
const stepSize = 20_000;
/** How often a tick asks again when another process is at work on the same organization. */
const patience = { rounds: 200, waitMs: 50 };

/** Keeps the sums of every organization close behind its log. */
export interface Follower {
  /** Says that an organization's log grew. Does nothing before `start`, and returns at once. */
  poke(organizationId: string): void;
  /** Catches up everything and resolves when it is done; rejects with the first failure. */
  tick(): Promise<void>;
  /** Begins to act on pokes. */
  start(): void;
  /** Stops acting on pokes and resolves when no step is running. */
  stop(): Promise<void>;
}

/** Settings of {@link createFollower}. */
export interface FollowerOptions {
  readonly storage: Storage;
  /** Told of every failure in the background; the next poke tries again. */
  readonly onError: (error: unknown) => void;
  /** Milliseconds between a poke and the step, so that one step takes many appends. Default: 100. */
  readonly delayMs?: number;
  /** Default: `setTimeout`, which keeps no process alive. */
  readonly sleep?: (ms: number) => Promise<void>;
}

const unheldSleep = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });

const heldSleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Follows the log: moves the sums of an organization to the head of its log, one step at a time and never two at once in
 * this process. Several processes may follow; the store lets one of them work.
 *
 * @example
 * const follower = createFollower({ storage, onError: (error) => logger.error(error) });
 * follower.start();
 * follower.poke('default');
 */
export function createFollower(options: FollowerOptions): Follower {
  const { storage, onError, delayMs = 100, sleep } = options;
  const running = new Map<string, Promise<void>>();
  const dirty = new Set<string>();
  let isStarted = false;
  let stopping = Promise.withResolvers<void>();

  async function catchUp(organizationId: string): Promise<void> {
    const store = storage.forOrganization({ organizationId, subject: 'job:rollups' });
    let waits = 0;
    for (;;) {
      const { from, to, head } = await store.advanceRollups(stepSize);
      if (to >= head) return;
      if (to > from) continue;
      // Another process holds the cursor: its step covers what is missing here.
      waits += 1;
      if (waits > patience.rounds) return;
      await (sleep ?? heldSleep)(patience.waitMs);
    }
  }

  async function follow(organizationId: string): Promise<void> {
    while (isStarted && dirty.has(organizationId)) {
      await Promise.race([(sleep ?? unheldSleep)(delayMs), stopping.promise]);
      dirty.delete(organizationId);
      try {
        if (isStarted) await catchUp(organizationId);
      } catch (error) {
        onError(error);
      }
    }
    // In the same turn as the look at what is dirty: a poke after it must start anew, or nobody would act on it.
    running.delete(organizationId);
  }

  return {
    poke(organizationId) {
      if (!isStarted) return;
      dirty.add(organizationId);
      if (running.has(organizationId)) return;
      running.set(organizationId, follow(organizationId));
    },
    async tick() {
      for (const { id } of await storage.organizations()) await catchUp(id);
    },
    start() {
      if (!isStarted) stopping = Promise.withResolvers();
      isStarted = true;
    },
    async stop() {
      isStarted = false;
      stopping.resolve();
      await Promise.all(running.values());
    },
  };
}
