export type { CallSource } from '../../observe/call-recorder.ts';
export { wrapBedrock, type WrapBedrockOptions } from './wrap-bedrock.ts';
