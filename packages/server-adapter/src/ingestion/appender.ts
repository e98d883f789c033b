import type { AppendOutcome } from '../storage/contract/append.ts';
import { StorageError } from '../storage/contract/storage-error.ts';
import type { AppendPrepared } from './append-prepared.ts';
import { ingestionBusy, ingestionClosed } from './ingest-problems.ts';
import type { PreparedEvent } from './prepare-event.ts';

/** How requests are gathered into commits. */
export interface AppenderSettings {
  /** A commit holds whole requests, up to this many events; a larger request has one of its own. */
  readonly batchEvents: number;
  /** The first request of a commit waits this long for others, in milliseconds. */
  readonly batchDelayMs: number;
  /** Events that may wait in this process; a request beyond them is refused with 503. */
  readonly waitingEvents: number;
}

/** The one writer of a process. */
export interface Appender {
  /** Resolves when the events are durable, with one outcome each; rejects when none of them is known to be. */
  append(organizationId: string, events: readonly PreparedEvent[]): Promise<readonly AppendOutcome[]>;
  /** Takes nothing more and resolves when all that waits is written or refused. */
  close(): Promise<void>;
}

interface Waiting {
  readonly events: readonly PreparedEvent[];
  resolve(outcomes: readonly AppendOutcome[]): void;
  reject(error: unknown): void;
}

interface Lane {
  readonly organizationId: string;
  readonly waiting: Waiting[];
  events: number;
  timer: ReturnType<typeof setTimeout> | null;
  running: Promise<void> | null;
}

function nextGroup(lane: Lane, batchEvents: number): Waiting[] {
  let events = 0;
  let requests = 0;
  for (const request of lane.waiting) {
    if (requests > 0 && events + request.events.length > batchEvents) break;
    events += request.events.length;
    requests += 1;
  }
  lane.events -= events;
  return lane.waiting.splice(0, requests);
}

/**
 * Commits requests in groups, one group of an organization at a time: the lock of its log is taken once for many requests,
 * and while a group is being written the next one gathers.
 *
 * @example
 * const appender = createAppender({ append, settings, onAppended: (organizationId) => follower.poke(organizationId) });
 */
export function createAppender({
  append,
  settings,
  onAppended,
}: {
  readonly append: AppendPrepared;
  readonly settings: AppenderSettings;
  readonly onAppended: (organizationId: string) => void;
}): Appender {
  const lanes = new Map<string, Lane>();
  let waitingEvents = 0;
  let closed = false;

  async function write(organizationId: string, group: readonly Waiting[]): Promise<void> {
    let grown = false;
    try {
      const outcomes = await append(
        organizationId,
        group.flatMap(({ events }) => events),
      );
      let start = 0;
      for (const request of group) {
        request.resolve(outcomes.slice(start, start + request.events.length));
        start += request.events.length;
      }
      grown = outcomes.some(({ outcome }) => outcome === 'accepted');
    } catch (error) {
      // One request that cannot be written must not take the others of its group with it.
      if (group.length > 1 && !StorageError.is(error)) {
        for (const request of group) await write(organizationId, [request]);
        return;
      }
      for (const request of group) request.reject(error);
    }
    if (grown) onAppended(organizationId);
  }

  async function drain(lane: Lane): Promise<void> {
    while (lane.waiting.length > 0) {
      const group = nextGroup(lane, settings.batchEvents);
      const size = group.reduce((sum, { events }) => sum + events.length, 0);
      await write(lane.organizationId, group);
      waitingEvents -= size;
    }
    lane.running = null;
    lanes.delete(lane.organizationId);
  }

  function start(lane: Lane): void {
    if (lane.timer !== null) clearTimeout(lane.timer);
    lane.timer = null;
    lane.running ??= drain(lane);
  }

  function laneOf(organizationId: string): Lane {
    const lane = lanes.get(organizationId) ?? {
      organizationId,
      waiting: [],
      events: 0,
      timer: null,
      running: null,
    };
    lanes.set(organizationId, lane);
    return lane;
  }

  return {
    append(organizationId, events) {
      if (closed) return Promise.reject(ingestionClosed());
      if (events.length === 0) return Promise.resolve([]);
      if (waitingEvents > 0 && waitingEvents + events.length > settings.waitingEvents) {
        return Promise.reject(ingestionBusy());
      }
      const lane = laneOf(organizationId);
      waitingEvents += events.length;
      lane.events += events.length;
      const { promise, resolve, reject } = Promise.withResolvers<readonly AppendOutcome[]>();
      lane.waiting.push({ events, resolve, reject });
      if (lane.running === null) {
        if (lane.events >= settings.batchEvents) start(lane);
        else lane.timer ??= setTimeout(() => start(lane), settings.batchDelayMs);
      }
      return promise;
    },
    async close() {
      closed = true;
      for (const lane of lanes.values()) start(lane);
      await Promise.all([...lanes.values()].map((lane) => lane.running));
    },
  };
}
