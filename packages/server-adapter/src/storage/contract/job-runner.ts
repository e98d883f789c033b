/** Runs background jobs of the engine's own kind: at most one run of a job at a time, over all processes. */
export interface JobRunner {
  /** Registers a job that runs by a cron expression (UTC). */
  schedule(job: { readonly name: string; readonly cron: string; readonly run: () => Promise<void> }): void;
  /** Starts what was registered. Registering afterwards is an error. */
  start(): Promise<void>;
  stop(): Promise<void>;
}
