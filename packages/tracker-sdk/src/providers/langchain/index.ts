export type { CallSource } from '../../observe/call-recorder.ts';
export { tallykitHandler, type TallykitHandler, type TallykitHandlerOptions } from './tallykit-handler.ts';
export type { Handle, ToolHandles } from './tool-runs.ts';
