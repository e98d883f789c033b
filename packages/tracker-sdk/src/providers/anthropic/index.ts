export type { CallSource } from '../../observe/call-recorder.ts';
export { wrapAnthropic, type WrapAnthropicOptions } from './wrap-anthropic.ts';
