import { linkSync, readFileSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { threadId } from 'node:worker_threads';
import { StorageError } from '../../contract/storage-error.ts';

/** Who holds a folder. */
interface Holder {
  readonly pid: number;
  /** When that process began, as its operating system tells, so that a pid used again is not taken for its former owner. */
  readonly began: string | null;
}

const fileName = 'tallykit.lock';

/** Start of a process in clock ticks since boot; null where the system does not tell. */
function beginningOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The command's name stands in brackets and may hold anything; fields are counted after it.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}

function isAlive({ pid, began }: Holder): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // A process of another user may not be signalled, but it is there.
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false;
  }
  const now = beginningOf(pid);
  return began === null || now === null || now === began;
}

function holderOf(text: string): Holder | null {
  try {
    const { pid, began } = JSON.parse(text) as Partial<Holder>;
    return typeof pid === 'number' ? { pid, began: began ?? null } : null;
  } catch {
    // Killed while it wrote: nobody holds the folder.
    return null;
  }
}

const isCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;

// A link appears with all of its content or not at all, so nobody finds a lock that is still being written and takes its
// holder for dead.
function tryToWrite(path: string, text: string): boolean {
  const whole = `${path}.${process.pid}.${threadId}.new`;
  writeFileSync(whole, text);
  try {
    linkSync(whole, path);
    return true;
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    return tryToWritePlainly(path, text);
  } finally {
    unlinkSync(whole);
  }
}

// For file systems without links.
function tryToWritePlainly(path: string, text: string): boolean {
  try {
    writeFileSync(path, text, { flag: 'wx' });
    return true;
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    throw error;
  }
}

function inUse(folder: string, pid: number): StorageError {
  return new StorageError(
    'store_in_use',
    `Process ${pid} has the store in ${folder} open, and two processes would destroy each other's data. Stop that process, ` +
      'choose another folder, or use PostgreSQL, which several processes can share.',
  );
}

// Renaming is atomic: of several processes that find a dead one's lock, one moves it away.
function moveAway(path: string, seen: string): void {
  const aside = `${path}.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if (isCode(error, 'ENOENT')) return;
    throw error;
  }
  if (readFileSync(aside, 'utf8') === seen) unlinkSync(aside);
  // It was a living process's after all: another one was quicker to move the dead one's.
  else renameSync(aside, path);
}

/** A folder held by this process. */
export interface FolderLock {
  release(): void;
}

/**
 * Holds a folder for this process, also after a former holder was killed. Throws `store_in_use` while another one lives.
 */
export function lockFolder(folder: string): FolderLock {
  const path = join(folder, fileName);
  const own = JSON.stringify({ pid: process.pid, began: beginningOf(process.pid) });
  for (let attempt = 0; attempt < 10; attempt += 1) {
    if (tryToWrite(path, own)) return { release: () => unlinkSync(path) };
    let seen: string;
    try {
      seen = readFileSync(path, 'utf8');
    } catch {
      continue;
    }
    const holder = holderOf(seen);
    if (holder !== null && isAlive(holder)) throw inUse(folder, holder.pid);
    moveAway(path, seen);
  }
  throw inUse(folder, 0);
}
