export { diskSpool, type DiskSpoolOptions } from './disk-spool.ts';
export type { EventSpool } from '../delivery/event-spool.ts';
