import type { Principal } from '@tallykit/protocol';
import type { Logger } from '../http/logger.ts';
import type { Clock } from '../primitives/clock.ts';
import type { AuditRecord, AuditStore } from '../storage/contract/audit-store.ts';

/** What the audit trail is written with. */
export interface AuditContext {
  readonly store: AuditStore;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** One thing that was done or denied. */
export interface Audited {
  readonly principal: Principal;
  /** For example `access.denied` or `prices.put`. */
  readonly action: string;
  /** Method and path of the route, without the query. */
  readonly target: string;
  readonly outcome: AuditRecord['outcome'];
  readonly code: string | null;
}

/** Writes a line of the audit trail. A trail that cannot be written is logged and changes no answer. */
export async function audit(entry: Audited, context: AuditContext): Promise<void> {
  const { principal, action, target, outcome, code } = entry;
  const { subject, role } = principal;
  try {
    await context.store.recordAudit([
      { at: context.clock.now(), subject, role, action, target, outcome, code },
    ]);
  } catch (error) {
    context.logger.error('The audit trail could not be written.', { action, target, outcome, code, error });
  }
}
