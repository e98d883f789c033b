import { repeat } from '../../../interleave.ts';
import type { Seen } from '../collector.ts';
import type { ChatClient, OpenPeer } from '../peer.ts';
import type { StageFigures } from '../peer-figures.ts';
import { requestOf } from '../provider-in-memory.ts';

/** What a stage works with. */
export interface StageSetting {
  readonly peer: OpenPeer;
  readonly bare: ChatClient;
  /** Of the usual number of calls, this share is made. */
  readonly scale: number;
  /** The collector, which lives in the process that started this one. */
  readonly collector: {
    readonly seen: () => Promise<Seen>;
    readonly reset: () => Promise<void>;
    readonly answerWith: (status: number) => Promise<void>;
    readonly close: () => Promise<void>;
  };
  /** Tells a figure at once, so that it stands when a later one fails. */
  readonly found: (figures: StageFigures) => void;
  readonly failed: (reason: string) => void;
}

/** Something that is measured in a process of its own. */
export interface Stage {
  readonly id: string;
  readonly timeoutMs: number;
  readonly run: (setting: StageSetting) => Promise<void>;
}

let made = 0;

/** How many calls this process has made; each is marked by its number. */
export const callsMade = (): number => made;

/** Makes calls, each with a mark of its own, so many at once. With `until`, stops when that time has come. */
export async function makeCalls(
  client: ChatClient,
  { count, atOnce, within, until = Infinity }: CallOptions,
): Promise<number> {
  let done = 0;
  await repeat(count, atOnce, async (index) => {
    if (performance.now() > until) return;
    const request = requestOf(++made);
    const call = async (): Promise<void> => void (await client.chat.completions.create(request));
    await (within ? within(index, call) : call());
    done++;
  });
  return done;
}

/** How {@link makeCalls} makes calls. */
export interface CallOptions {
  readonly count: number;
  readonly atOnce: number;
  readonly within?: OpenPeer['within'];
  readonly until?: number;
}

/** Makes streamed calls and reads each to its end, or so many of its chunks. */
export async function readStreams(
  client: ChatClient,
  { count, within, chunks = Infinity }: { count: number; within?: OpenPeer['within']; chunks?: number },
): Promise<void> {
  await repeat(count, 4, async (index) => {
    const request = requestOf(++made, true);
    const call = async (): Promise<void> => {
      const stream = (await client.chat.completions.create(request)) as AsyncIterable<unknown>;
      let read = 0;
      for await (const chunk of stream) {
        void chunk;
        if (++read >= chunks) break;
      }
    };
    await (within ? within(index, call) : call());
  });
}

/** A moment for what runs in the background. */
export const moment = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Flushes, and waits for it no longer than this: some retry for minutes. */
export async function flushWithin(peer: OpenPeer, ms: number): Promise<void> {
  await Promise.race([peer.flush().catch(() => undefined), moment(ms)]);
}
