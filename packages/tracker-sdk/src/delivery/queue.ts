import { gunzip, gzip } from './gzip.ts';

/** Events as JSON text, waiting to be sent. */
export interface EventQueue {
  /** Adds an event and returns how many older ones had to go for it. */
  readonly push: (event: string, important: boolean) => number;
  /** Puts events back that were taken, each in front of the others that matter as much. */
  readonly restore: (events: readonly string[]) => void;
  /** Takes the oldest events out, the important ones first: at most this many and this many bytes, but at least one. */
  readonly take: (maxEvents: number, maxBytes: number) => Promise<string[]>;
  /** Compresses the oldest events, this many at a time, while twice as many wait: for times when nothing can be sent. */
  readonly pack: (events: number) => Promise<void>;
  /** Throws everything away, for good. */
  readonly clear: () => void;
  readonly count: () => number;
  readonly bytes: () => number;
}

/**
 * Holds events as text: half the memory of objects, its size is known, and nothing in it can change after the fact.
 * Packed, it is a tenth of that. Sizes count characters, which are bytes for all but non-Latin text. When the queue is
 * full, the oldest unimportant events go first, then the oldest of the others.
 */
export function createQueue(maxEvents: number, maxBytes: number): EventQueue {
  let important: string[] = [];
  let unimportant: string[] = [];
  /** Unimportant events among those taken last: they are not worth more for having been tried. */
  let spare: ReadonlySet<string> = new Set();
  let packs: { readonly events: number; readonly zipped: Uint8Array<ArrayBuffer> }[] = [];
  let packed = 0;
  let packing = false;
  let bytes = 0;
  let cleared = false;
  const count = (): number => (cleared ? 0 : important.length + unimportant.length + packed);

  function drop(): number {
    const event = unimportant.shift();
    const pack = event === undefined ? packs.shift() : undefined;
    packed -= pack?.events ?? 0;
    bytes -= pack ? pack.zipped.byteLength : (event ?? important.shift() ?? '').length;
    return pack?.events ?? 1;
  }

  function restore(events: readonly string[]): void {
    important.unshift(...events.filter((event) => !spare.has(event)));
    unimportant.unshift(...events.filter((event) => spare.has(event)));
    for (const event of events) bytes += event.length;
  }

  return {
    push(event, matters) {
      (matters ? important : unimportant).push(event);
      bytes += event.length;
      let dropped = 0;
      while (count() > 0 && (count() > maxEvents || bytes > maxBytes)) dropped += drop();
      return dropped;
    },
    restore,
    async take(most, mostBytes) {
      const [pack] = packs;
      const text = pack && (await gunzip(pack.zipped));
      // It stays where it is until then: the runtime may end whoever waits here, and others may have dropped it.
      if (text && pack === packs[0]) {
        packs.shift();
        packed -= pack.events;
        bytes -= pack.zipped.byteLength;
        restore(text.split('\n'));
      }
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
        spare = new Set(taken.slice(before));
      }
      return taken;
    },
    async pack(events) {
      if (packing) return;
      packing = true;
      while (important.length >= 2 * events) {
        const oldest = important.slice(0, events);
        const text = oldest.join('\n');
        const zipped = await gzip(text).catch(() => undefined);
        // They wait in the open until then, where somebody may have taken or dropped some.
        const isWhole = oldest.every((event, index) => event === important[index]);
        if (!zipped || !globalThis.DecompressionStream || !isWhole) break;
        important.splice(0, events);
        packed += events;
        bytes += zipped.byteLength + events - 1 - text.length;
        packs.push({ events, zipped });
      }
      packing = false;
    },
    clear() {
      important = [];
      unimportant = [];
      packs = [];
      // What is being packed or unpacked right now is gone as well.
      cleared = true;
    },
    count,
    bytes: () => bytes,
  };
}
