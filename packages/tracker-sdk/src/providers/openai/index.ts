export { type CallSource, wrapOpenAI, type WrapOpenAIOptions } from './wrap-openai.ts';
