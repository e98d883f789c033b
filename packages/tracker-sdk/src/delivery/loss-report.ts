import type { LossCount, LossReason } from '@tallykit/protocol';

type Counts = Partial<Record<LossReason, number>>;

/** Counts what was lost, by reason, and which of it the server has been told. */
export interface LossReport {
  readonly add: (reason: LossReason, count: number) => void;
  /** All losses so far. */
  readonly totals: Readonly<Counts>;
  /** What the server has not confirmed yet. */
  readonly unreported: () => readonly LossCount[];
  /** Marks counts as taken by the server. */
  readonly confirm: (losses: readonly LossCount[]) => void;
}

/** Losses are told to the server with the next request, and again until a request that carried them was answered. */
export function createLossReport(onLoss: ((loss: LossCount) => void) | undefined): LossReport {
  const totals: Counts = {};
  const confirmed: Counts = {};
  const raise = (counts: Counts, { reason, count }: LossCount): void => {
    counts[reason] = (counts[reason] ?? 0) + count;
  };
  return {
    add(reason, count) {
      if (count <= 0) return;
      const loss = { reason, count };
      raise(totals, loss);
      try {
        onLoss?.(loss);
      } catch {
        // The hook is the host's; its failure must not become a failure of the call that is being counted.
      }
    },
    totals,
    unreported: () =>
      (Object.entries(totals) as [LossReason, number][])
        .map(([reason, total]) => ({ reason, count: total - (confirmed[reason] ?? 0) }))
        .filter(({ count }) => count),
    confirm: (losses) => losses.forEach((loss) => raise(confirmed, loss)),
  };
}
