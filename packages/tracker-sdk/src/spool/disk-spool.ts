import { closeSync, ftruncateSync, mkdirSync, openSync, readFileSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { EventSpool } from '../delivery/event-spool.ts';
import { adoptSegments, segmentNames, wholeLines } from './segment-files.ts';

/** Settings of {@link diskSpool}. */
export interface DiskSpoolOptions {
  /** Made when it is missing. Several processes may share it. */
  readonly folder: string;
  /** Bytes on disk at most; what comes beyond waits in memory alone. Default: 256 MiB. */
  readonly maxBytes?: number | undefined;
  /** Bytes of one file, after which the next is begun. Default: 1 MiB. */
  readonly segmentBytes?: number | undefined;
  /** Told of a disk that refuses. What it throws is ignored. Default: not told. */
  readonly onError?: ((error: unknown) => void) | undefined;
}

interface Segment {
  readonly path: string;
  readonly file: number | undefined;
  bytes: number;
  waiting: number;
}

/** Every event carries its id before anything that a host chose. */
const idOf = (event: string): string => /"id":"([^"]+)"/.exec(event)?.[1] ?? '';

/**
 * Keeps every event on disk until the server has it, so that a process may be killed at any time: the next one that
 * opens the folder sends what is left. What was sent already and is sent again has the same id, so it counts once.
 * A kept event survives the process, not a loss of power. Node only; it costs one small write an event, in the
 * host's own turn.
 *
 * Throws what the file system throws when the folder cannot be made.
 *
 * @example
 * const tracker = createTracker({ endpoint, apiKey: key, spool: diskSpool({ folder: './tally-spool' }) });
 */
export function diskSpool(options: DiskSpoolOptions): EventSpool {
  const { folder, maxBytes = 2 ** 28, segmentBytes = 2 ** 20, onError } = options;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const names = segmentNames();
  /** Every event that is on disk and not settled, oldest first. */
  const kept = new Map<string, Segment>();
  const segments = new Set<Segment>();
  let current: Segment | undefined;
  let spilled = 0;
  let closed = false;

  const size = (): number => [...segments].reduce((sum, { bytes }) => sum + bytes, 0);

  function attempt(action: () => void): void {
    try {
      action();
    } catch (error) {
      try {
        onError?.(error);
      } catch {
        // It is the host's own hook.
      }
    }
  }

  function begin(): Segment {
    const path = join(folder, names.next());
    const segment = { path, file: openSync(path, 'a', 0o600), bytes: 0, waiting: 0 };
    segments.add(segment);
    return segment;
  }

  function discard(segment: Segment): void {
    segments.delete(segment);
    attempt(() => {
      if (segment.file !== undefined) closeSync(segment.file);
      unlinkSync(segment.path);
    });
  }

  /** Forgets what is settled: whole files, and the begun one by emptying it. */
  function tidy(segment: Segment): void {
    if (segment.waiting > 0) return;
    if (segment !== current) return discard(segment);
    attempt(() => ftruncateSync(segment.file ?? -1));
    segment.bytes = 0;
  }

  /** Of an event that comes again, by a key of the host's for example, only the last line is waited for. */
  function hold(id: string, segment: Segment): void {
    const earlier = kept.get(id);
    kept.set(id, segment);
    segment.waiting++;
    if (!earlier) return;
    earlier.waiting--;
    tidy(earlier);
  }

  async function adoptAll(adopt: (event: string) => void): Promise<void> {
    for await (const { path, lines } of adoptSegments(folder, names)) {
      const segment: Segment = { path, file: undefined, bytes: 0, waiting: 0 };
      segments.add(segment);
      // Threads know each other by the files that they hold open, and what is taken over is not.
      if (!closed) attempt(() => (current ??= begin()));
      const fresh = lines.filter((line) => idOf(line) && !kept.has(idOf(line)));
      for (const line of fresh) {
        segment.bytes += line.length + 1;
        hold(idOf(line), segment);
      }
      tidy(segment);
      for (const line of closed ? [] : fresh) adopt(line);
    }
  }

  return {
    open(adopt) {
      adoptAll(adopt).catch((error: unknown) => attempt(() => onError?.(error)));
    },
    keep(event) {
      attempt(() => {
        if (current === undefined || current.bytes >= segmentBytes) {
          if (size() >= maxBytes) return;
          current = begin();
        }
        const line = `${event}\n`;
        writeSync(current.file ?? -1, line);
        current.bytes += line.length;
        hold(idOf(event), current);
      });
    },
    settle(events, pending) {
      const still = new Set(pending.map(idOf));
      for (const event of events) {
        const id = idOf(event);
        const segment = still.has(id) ? undefined : kept.get(id);
        if (segment === undefined) continue;
        kept.delete(id);
        segment.waiting--;
        tidy(segment);
      }
    },
    spill(events) {
      spilled += events;
    },
    spilled: () => spilled,
    restore(take) {
      if (!spilled) return 0;
      // Nothing is queued or on the way now, so whatever is kept fell out.
      const nowhere = Math.max(0, spilled - kept.size);
      spilled = kept.size;
      const [oldest] = kept.values();
      if (!oldest) return nowhere;
      attempt(() => {
        const lines = wholeLines(readFileSync(oldest.path, 'utf8'));
        for (const [id, line] of new Map(lines.map((each) => [idOf(each), each]))) {
          if (kept.get(id) !== oldest) continue;
          spilled--;
          take(line);
        }
      });
      return nowhere;
    },
    close(unsent) {
      closed = true;
      spilled = kept.size;
      for (const segment of segments) {
        if (segment.waiting === 0) discard(segment);
        else attempt(() => segment.file !== undefined && closeSync(segment.file));
      }
      names.close();
      return Math.max(0, unsent - kept.size);
    },
  };
}
