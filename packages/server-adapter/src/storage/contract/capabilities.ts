/** What an engine can do. Ask a capability, never an engine's name. */
export interface StorageCapabilities {
  /** What was answered survives a killed process. */
  readonly survivesProcessDeath: boolean;
  /** What was answered survives a power loss. */
  readonly survivesPowerLoss: boolean;
  /** Rows are fenced by the database as well as by the query. */
  readonly rowLevelSecurity: boolean;
  /** Several processes may append at once. */
  readonly manyProcesses: boolean;
}
