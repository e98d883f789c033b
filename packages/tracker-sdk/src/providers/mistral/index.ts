export type { CallSource } from '../../observe/call-recorder.ts';
export { wrapMistral, type WrapMistralOptions } from './wrap-mistral.ts';
