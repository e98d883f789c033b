import type { CallRecorder, CallSource } from '../../observe/call-recorder.ts';
import { type Answer } from '../../observe/read-value.ts';

/** Who and what a run belongs to. */
export type Attribution = NonNullable<Parameters<CallRecorder['start']>[2]>;

/** A tracker, or the context of one of its runs. Without `toolCall`, tools are not recorded. */
export interface HandlerSource extends CallSource {
  readonly toolCall?:
    | ((
        call: Attribution & {
          readonly tool: string;
          readonly status: 'ok' | 'error' | 'aborted';
          readonly errorClass?: string | undefined;
          readonly durationMs: number;
        },
      ) => void)
    | undefined;
}

/** What a run's own metadata says about whose it is: `metadata: { tallykit: { customerId: 'cus_42' } }`. */
export function attributionOf({ tallykit }: Answer): Attribution | undefined {
  return typeof tallykit === 'object' && tallykit !== null ? (tallykit as Attribution) : undefined;
}
