export type { CallSource } from '../../observe/call-recorder.ts';
export { tallykitMiddleware, type TallykitMiddleware } from './tallykit-middleware.ts';
export { wrapAIModel } from './wrap-ai-model.ts';
