export type { CallSource } from '../../observe/call-recorder.ts';
export {
  type HandlerSource,
  tallykitHandler,
  type TallykitHandler,
  type TallykitHandlerOptions,
} from './tallykit-handler.ts';
