import type { AuditRecord, AuditStore } from '../contract/audit-store.ts';
import type { KeyStore, StoredKey } from '../contract/key-store.ts';
import { arrayLiteral, type ArrayElement } from './array-literal.ts';
import type { SqlDatabase } from './sql-database.ts';

interface KeyRow {
  readonly id: string;
  readonly organization_id: string;
  readonly kind: StoredKey['kind'];
  readonly name: string;
  readonly prefix: string;
  readonly customer_id: string | null;
  readonly created_at: number;
  readonly revoked_at: number | null;
}

const keyColumns =
  'id, organization_id, kind, name, prefix, customer_id, tallykit.ms_of(created_at) as created_at, ' +
  'tallykit.ms_of(revoked_at) as revoked_at';

function keyOfRow(row: KeyRow): StoredKey {
  return {
    id: row.id,
    organizationId: row.organization_id,
    kind: row.kind,
    name: row.name,
    prefix: row.prefix,
    customerId: row.customer_id,
    createdAt: row.created_at,
    revokedAt: row.revoked_at,
  };
}

/** An active key of any organization by the hash of its secret. */
export async function findActiveKey(database: SqlDatabase, hash: string): Promise<StoredKey | null> {
  const [row] = await database.query<KeyRow>(
    `select ${keyColumns} from tallykit.api_key where hash = $1 and revoked_at is null`,
    [hash],
  );
  return row === undefined ? null : keyOfRow(row);
}

/** API keys of one organization, kept in PostgreSQL. */
export function keyStore(database: SqlDatabase, organizationId: string): KeyStore {
  return {
    async createKey(key) {
      await database.query(
        `insert into tallykit.api_key (organization_id, id, kind, name, prefix, customer_id, hash, created_at, revoked_at)
         values ($1, $2, $3, $4, $5, $6, $7, tallykit.at_ms($8), tallykit.at_ms($9))`,
        [
          organizationId,
          key.id,
          key.kind,
          key.name,
          key.prefix,
          key.customerId,
          key.hash,
          key.createdAt,
          key.revokedAt,
        ],
      );
    },
    async listKeys() {
      const rows = await database.query<KeyRow>(
        `select ${keyColumns} from tallykit.api_key where organization_id = $1 order by created_at, id collate "C"`,
        [organizationId],
      );
      return rows.map(keyOfRow);
    },
    async revokeKey(id, at) {
      const revoked = await database.query(
        `update tallykit.api_key set revoked_at = tallykit.at_ms($3)
         where organization_id = $1 and id = $2 and revoked_at is null returning 1`,
        [organizationId, id, at],
      );
      return revoked.length > 0;
    },
    async findKey(hash) {
      const key = await findActiveKey(database, hash);
      return key?.organizationId === organizationId ? key : null;
    },
  };
}

/** The audit trail of one organization, kept in PostgreSQL. */
export function auditStore(database: SqlDatabase, organizationId: string): AuditStore {
  return {
    async recordAudit(records) {
      if (records.length === 0) return;
      const column = (value: (record: AuditRecord) => ArrayElement): string =>
        arrayLiteral(records.map(value));
      await database.query(
        `insert into tallykit.audit_record (organization_id, at, subject, role, action, target, outcome, code)
         select $1, tallykit.at_ms(at), subject, role, action, target, outcome, code
         from unnest($2::float8[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[])
           with ordinality as input(at, subject, role, action, target, outcome, code, place) order by place`,
        [
          organizationId,
          column(({ at }) => at),
          column(({ subject }) => subject),
          column(({ role }) => role),
          column(({ action }) => action),
          column(({ target }) => target),
          column(({ outcome }) => outcome),
          column(({ code }) => code),
        ],
      );
    },
    auditTrail: (limit) =>
      database.query<AuditRecord>(
        `select tallykit.ms_of(at) as at, subject, role, action, target, outcome, code from tallykit.audit_record
         where organization_id = $1 order by number desc limit $2`,
        [organizationId, limit],
      ),
  };
}
