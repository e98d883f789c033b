import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { readdir, readFile, rename, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, join } from 'node:path';
import { threadId } from 'node:worker_threads';

/** Whose segment a file is, as its name tells: `<host>~<pid>~<began>~<thread>-<spool>~<number>.jsonl`. */
interface Owner {
  readonly host: string;
  readonly pid: number;
  readonly began: string;
  readonly spool: string;
}

const namePattern = /^([\w.-]+)~(\d+)~(\w+)~([\w-]+)~\d+\.jsonl$/;
/** Files of another machine are taken over when nobody has written to them for so long. */
const strangersWaitMs = 600_000;

/** When a process began, so that a process id used again is not taken for its former owner; `0` where nobody tells. */
function beginningOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The command's name stands in brackets and may hold anything; fields are counted after it.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '0';
  } catch {
    return '0';
  }
}

const registryKey = Symbol.for('tallykit.spools');

/** Names of the spools that are open in this thread, also of other copies of this package. */
function openSpools(): Set<string> {
  const home = globalThis as { [registryKey]?: Set<string> };
  return (home[registryKey] ??= new Set());
}

/** Where Linux lists what a process holds open, all its threads together. A thread that is terminated lets go. */
const held = '/proc/self/fd';

/** Whether another thread of this process has the spool open; where nobody tells, it is taken for open. */
function isOpenElsewhere(spool: string): boolean {
  if (spool.startsWith(`${threadId}-`)) return false;
  try {
    return readdirSync(held).some((file) => {
      try {
        return namePattern.exec(basename(readlinkSync(join(held, file))))?.[4] === spool;
      } catch {
        // Closed in the meantime.
        return false;
      }
    });
  } catch {
    return true;
  }
}

function isAlive({ pid, began, spool }: Owner): boolean {
  if (pid === process.pid && began === beginningOf(pid)) {
    return openSpools().has(spool) || isOpenElsewhere(spool);
  }
  try {
    process.kill(pid, 0);
  } catch (error) {
    // A process of another user may not be signalled, but it is there.
    if ((error as { code?: unknown }).code !== 'EPERM') return false;
  }
  const now = beginningOf(pid);
  return began === '0' || now === '0' || began === now;
}

/** How one spool names its segments, until it is closed. */
export interface SegmentNames {
  readonly host: string;
  readonly next: () => string;
  readonly close: () => void;
}

/** Names for the segments of a new spool. */
export function segmentNames(): SegmentNames {
  const host = hostname().replace(/[^\w.-]/g, '_');
  const spool = `${threadId}-${randomUUID()}`;
  openSpools().add(spool);
  let number = 0;
  return {
    host,
    next: () => `${host}~${process.pid}~${beginningOf(process.pid)}~${spool}~${++number}.jsonl`,
    close: () => void openSpools().delete(spool),
  };
}

/** Whether a file's owner is gone, so that somebody else has to send what is in it. */
async function isOrphan(folder: string, name: string, ownHost: string): Promise<boolean> {
  const [, host = '', pid, began = '', spool = ''] = namePattern.exec(name) ?? [];
  if (!pid) return false;
  if (host !== ownHost) {
    const { mtimeMs } = await stat(join(folder, name));
    return Date.now() - mtimeMs > strangersWaitMs;
  }
  return !isAlive({ host, pid: Number(pid), began, spool });
}

/** A segment of a process that ended, now this one's. */
export interface AdoptedSegment {
  readonly path: string;
  readonly lines: readonly string[];
}

/**
 * Takes over the segments of processes that ended. Renaming is atomic: of several processes that find one, one gets it.
 */
export async function* adoptSegments(folder: string, names: SegmentNames): AsyncGenerator<AdoptedSegment> {
  for (const name of (await readdir(folder)).sort()) {
    try {
      if (!(await isOrphan(folder, name, names.host))) continue;
      const path = join(folder, names.next());
      await rename(join(folder, name), path);
      yield { path, lines: wholeLines(await readFile(path, 'utf8')) };
    } catch {
      // Another process was quicker.
    }
  }
}

/**
 * The lines of a segment. One that was cut while it was written is left out, also where the next one follows in the same
 * line, as on a disk that was full for a while: what is no JSON would take its whole batch with it.
 */
export function wholeLines(text: string): readonly string[] {
  return text.split('\n').filter(isJson);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
