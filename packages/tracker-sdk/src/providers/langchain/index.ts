export type { CallSource } from '../../observe/call-recorder.ts';
export type { HandlerSource } from './run-attribution.ts';
export { tallykitHandler, type TallykitHandler, type TallykitHandlerOptions } from './tallykit-handler.ts';
export type { Handle, ToolHandles } from './tool-runs.ts';
