/** Events as JSON text, waiting to be sent. */
export interface EventQueue {
  /** Adds an event and returns how many older ones had to go for it. */
  readonly push: (event: string, important: boolean) => number;
  /** Puts events back that were taken, in front of the others. */
  readonly restore: (events: readonly string[]) => void;
  /** Takes the oldest events out, the important ones first: at most this many and this many bytes, but at least one. */
  readonly take: (maxEvents: number, maxBytes: number) => string[];
  readonly count: () => number;
  readonly bytes: () => number;
}

/**
 * Holds events as text: half the memory of objects, its size is known, and nothing in it can change after the fact.
 * Sizes count characters, which are bytes for all but non-Latin text. When it is full, the oldest unimportant events
 * go first, then the oldest of the others.
 */
export function createQueue(maxEvents: number, maxBytes: number): EventQueue {
  const important: string[] = [];
  const unimportant: string[] = [];
  let bytes = 0;
  const count = (): number => important.length + unimportant.length;
  return {
    push(event, matters) {
      (matters ? important : unimportant).push(event);
      bytes += event.length;
      let dropped = 0;
      for (; count() > maxEvents || bytes > maxBytes; dropped++) {
        bytes -= (unimportant.shift() ?? important.shift() ?? '').length;
      }
      return dropped;
    },
    restore(events) {
      important.unshift(...events);
      for (const event of events) bytes += event.length;
    },
    take(most, mostBytes) {
      const taken: string[] = [];
      const enough = bytes - mostBytes;
      for (const lane of [important, unimportant]) {
        const before = taken.length;
        for (const event of lane) {
          if (taken.length >= most || (taken.length && bytes - event.length < enough)) break;
          bytes -= event.length;
          taken.push(event);
        }
        lane.splice(0, taken.length - before);
      }
      return taken;
    },
    count,
    bytes: () => bytes,
  };
}
