export type { CallSource } from '../../observe/call-recorder.ts';
export {
  type BatchCall,
  type BatchOutput,
  type BatchRecorder,
  type BatchTally,
  recordOpenAIBatch,
  type RecordOpenAIBatchOptions,
} from './record-openai-batch.ts';
export { watchOpenAIRealtime, type WatchOpenAIRealtimeOptions } from './watch-openai-realtime.ts';
export { wrapOpenAI, type WrapOpenAIOptions } from './wrap-openai.ts';
