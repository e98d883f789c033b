export type { CallSource } from '../../observe/call-recorder.ts';
export { wrapCohere, type WrapCohereOptions } from './wrap-cohere.ts';
