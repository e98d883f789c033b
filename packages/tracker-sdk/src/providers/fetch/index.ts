export type { CallSource } from '../../observe/call-recorder.ts';
export { type Fetch, trackedFetch, type TrackedFetchOptions } from './tracked-fetch.ts';
