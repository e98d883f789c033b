import type { LossCount, LossReason } from '@tallykit/protocol';

/** Counts what was lost, by reason, and which of it the server has been told. */
export interface LossReport {
  readonly add: (reason: LossReason, count: number) => void;
  /** All losses so far. */
  readonly totals: Readonly<Partial<Record<LossReason, number>>>;
  /** What the server has not confirmed yet. */
  readonly unreported: () => readonly LossCount[];
  /** Marks counts as taken by the server. */
  readonly confirm: (losses: readonly LossCount[]) => void;
}

/** Losses are told to the server with the next request, and again until a request that carried them was answered. */
export function createLossReport(onLoss: ((loss: LossCount) => void) | undefined): LossReport {
  const totals: Partial<Record<LossReason, number>> = {};
  const open: typeof totals = {};
  return {
    add(reason, count) {
      if (!count) return;
      totals[reason] = (totals[reason] ?? 0) + count;
      open[reason] = (open[reason] ?? 0) + count;
      try {
        onLoss?.({ reason, count });
      } catch {
        // The hook is the host's; its failure must not become a failure of the call that is being counted.
      }
    },
    totals,
    unreported: () =>
      (Object.entries(open) as [LossReason, number][]).flatMap(([reason, count]) =>
        count ? { reason, count } : [],
      ),
    confirm(losses) {
      for (const { reason, count } of losses) open[reason] = (open[reason] ?? 0) - count;
    },
  };
}
