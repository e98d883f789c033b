/** A second place for events that wait, which outlives the process: `diskSpool()` of `@tallykit/tracker-sdk/spool`. */
export interface EventSpool {
  /** Begins. What processes left behind that ended before everything was sent is handed over, then or later. */
  readonly open: (adopt: (event: string) => void) => void;
  /** Keeps an event, as JSON text, before it is queued. */
  readonly keep: (event: string) => void;
  /** Events that need not be kept any more: they arrived or are lost for good. Those in `pending` will be sent again. */
  readonly settle: (events: readonly string[], pending: readonly string[]) => void;
  /** So many of the kept events fell out of the queue. */
  readonly spill: (events: number) => void;
  /** How many kept events are in no queue. */
  readonly spilled: () => number;
  /**
   * The queue is empty: hands back what fell out of it, as much as is sensible at once. Returns how many of those
   * events turned out to be nowhere.
   */
  readonly restore: (take: (event: string) => void) => number;
  /** Ends; the next process sends what is kept. Of so many unsent events, returns how many are not. */
  readonly close: (unsent: number) => number;
}
