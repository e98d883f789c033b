/** `low`: useful, but nobody is billed by it. `high`: everything else. */
export type Priority = 'low' | 'high';

/** Bounds of a queue. */
export interface QueueLimits {
  readonly maxEvents: number;
  readonly maxBytes: number;
}

/** Events as JSON text, waiting to be sent. */
export interface EventQueue {
  /** Adds an event and returns how many older ones had to go for it. */
  readonly push: (event: string, priority: Priority) => number;
  /** Takes the oldest events out, the important ones first: at most this many and this many bytes, but at least one. */
  readonly take: (maxEvents: number, maxBytes: number) => string[];
  readonly count: () => number;
  readonly bytes: () => number;
  /** Takes everything out and returns how many events there were. */
  readonly clear: () => number;
}

/** First in, first out. Reading moves a mark; the array is cut only when half of it has been read. */
interface Lane {
  items: string[];
  head: number;
}

/**
 * Holds events as text: half the memory of objects, its size is known, and nothing in it can change after the fact.
 * Sizes count characters, which are bytes for all but non-Latin text.
 */
export function createQueue(limits: QueueLimits): EventQueue {
  const lanes: Record<Priority, Lane> = { high: { items: [], head: 0 }, low: { items: [], head: 0 } };
  let count = 0;
  let bytes = 0;

  function shift(lane: Lane): string | undefined {
    const event = lane.items[lane.head];
    if (event === undefined) return undefined;
    lane.items[lane.head++] = '';
    if (lane.head > 512 && lane.head * 2 > lane.items.length) {
      lane.items = lane.items.slice(lane.head);
      lane.head = 0;
    }
    count--;
    bytes -= event.length;
    return event;
  }

  return {
    push(event, priority) {
      lanes[priority].items.push(event);
      count++;
      bytes += event.length;
      let dropped = 0;
      while (count > limits.maxEvents || bytes > limits.maxBytes) {
        if (shift(lanes.low) === undefined) shift(lanes.high);
        dropped++;
      }
      return dropped;
    },
    take(maxEvents, maxBytes) {
      const taken: string[] = [];
      let size = 0;
      for (const lane of [lanes.high, lanes.low]) {
        for (let next = lane.items[lane.head]; next !== undefined; next = lane.items[lane.head]) {
          if (taken.length >= maxEvents || (taken.length > 0 && size + next.length > maxBytes)) return taken;
          size += next.length;
          taken.push(next);
          shift(lane);
        }
      }
      return taken;
    },
    count: () => count,
    bytes: () => bytes,
    clear() {
      const cleared = count;
      for (const lane of [lanes.high, lanes.low]) {
        lane.items = [];
        lane.head = 0;
      }
      count = 0;
      bytes = 0;
      return cleared;
    },
  };
}
