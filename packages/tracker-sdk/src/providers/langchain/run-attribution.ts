import type { CallRecorder } from '../../observe/call-recorder.ts';
import { type Answer } from '../../observe/read-value.ts';

/** Who and what a run belongs to. */
export type Attribution = NonNullable<Parameters<CallRecorder['start']>[2]>;

/** What a run's own metadata says about whose it is: `metadata: { tallykit: { customerId: 'cus_42' } }`. */
export function attributionOf({ tallykit }: Answer): Attribution | undefined {
  return typeof tallykit === 'object' && tallykit !== null ? (tallykit as Attribution) : undefined;
}
