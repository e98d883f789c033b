/** One line of the audit trail. */
export interface AuditRecord {
  readonly at: number;
  readonly subject: string;
  readonly role: string | null;
  /** For example `access.denied` or `prices.put`. */
  readonly action: string;
  /** What it was done to, for example a route. */
  readonly target: string;
  readonly outcome: 'allowed' | 'denied';
  readonly code: string | null;
}

/** The audit trail of an organization; append-only. */
export interface AuditStore {
  recordAudit(records: readonly AuditRecord[]): Promise<void>;
  auditTrail(limit: number): Promise<readonly AuditRecord[]>;
}
