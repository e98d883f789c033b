/** Calls that are attempts of one logical call, in the order of their starts. */
export interface CallGroup {
  /** Id of the first attempt. */
  callId?: string | undefined;
  attempts: number;
  /** Attempts that have started and not ended. */
  open: number;
  /** Records the attempt that ended last: as the final one when no other follows. */
  settle?: ((final: boolean) => void) | undefined;
  /** Nothing more starts in it. */
  closed?: boolean;
}

/** Records the last attempt as the final one when no other can follow. */
export function settleGroup(group: CallGroup): void {
  if (!group.closed || group.open) return;
  group.settle?.(true);
  group.settle = undefined;
}
