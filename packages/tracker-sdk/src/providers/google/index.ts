export type { CallSource } from '../../observe/call-recorder.ts';
export { wrapGoogle, type WrapGoogleOptions } from './wrap-google.ts';
