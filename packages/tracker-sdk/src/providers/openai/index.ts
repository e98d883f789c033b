export type { CallSource } from '../../observe/call-recorder.ts';
export { wrapOpenAI, type WrapOpenAIOptions } from './wrap-openai.ts';
