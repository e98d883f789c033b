/** Where the adapter tells the vendor's operators what went wrong. Any structured logger fits. */
export interface Logger {
  /** Something failed that should not; `error` carries the stack. */
  error(message: string, details?: Readonly<Record<string, unknown>>): void;
  /** Something is not as it should be, and the adapter went on. */
  warn(message: string, details?: Readonly<Record<string, unknown>>): void;
}
