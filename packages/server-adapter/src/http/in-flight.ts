/** Work that has begun and not ended, so that closing can wait for it. */
export interface InFlight {
  /** Counts a piece of work until it ends, well or badly. */
  count<Result>(work: Promise<Result>): Promise<Result>;
  /** Resolves when none of what runs now runs any more; never rejects. */
  settled(): Promise<void>;
}

/** Keeps count of running work. */
export function createInFlight(): InFlight {
  const running = new Set<Promise<unknown>>();
  return {
    count(work) {
      running.add(work);
      const done = (): boolean => running.delete(work);
      work.then(done, done);
      return work;
    },
    async settled() {
      await Promise.allSettled(running);
    },
  };
}
