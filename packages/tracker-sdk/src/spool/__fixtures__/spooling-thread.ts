// A thread with a spool that keeps what it is told and sends nothing. Given: the folder.
import { parentPort, workerData } from 'node:worker_threads';
import { diskSpool } from '../disk-spool.ts';

const spool = diskSpool({ folder: String(workerData) });
spool.open(() => parentPort?.postMessage('adopted'));
parentPort?.on('message', (event: string) => {
  spool.keep(event);
  parentPort?.postMessage('kept');
});
