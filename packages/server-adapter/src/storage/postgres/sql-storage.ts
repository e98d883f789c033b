import type { Clock } from '../../primitives/clock.ts';
import type { StorageCapabilities } from '../contract/capabilities.ts';
import type { JobRunner } from '../contract/job-runner.ts';
import { StorageError } from '../contract/storage-error.ts';
import type { OrganizationRecord, OrganizationStore, Storage, StorageHealth } from '../contract/storage.ts';
import { admitFew, type AdmitFew } from './admit-few.ts';
import { advanceRollups } from './advance-rollups.ts';
import { appendEvents } from './append-events.ts';
import { arrayLiteral } from './array-literal.ts';
import { budgetStore, budgetsLockedAtOnce } from './budgets.ts';
import { checkRollups } from './check-rollups.ts';
import { requestErasure } from './erase-customer.ts';
import { auditStore, findActiveKey, keyStore } from './keys-and-audit.ts';
import { currentVersion, migrate, type RowLevelSecurity } from './migrate.ts';
import { schemaVersion } from './migrations/migration-list.ts';
import { createStatisticsKeeper, type StatisticsKeeper } from './keep-statistics.ts';
import { createPartitions, type Partitions } from './partitions.ts';
import { priceStore } from './price-rows.ts';
import { ledgerStore } from './put-ledger.ts';
import { createReaderSessions } from './reader-session.ts';
import { rebuildInside, rebuildRollups } from './rebuild-rollups.ts';
import { callsForReview, reviseCosts } from './revise-costs.ts';
import { scopedReader } from './scoped-reader.ts';
import type { SqlDatabase } from './sql-database.ts';
import { unknownOrganization } from './advance-rollups.ts';

/** What an engine brings; everything else is shared. */
export interface SqlStorageParts {
  readonly engine: string;
  readonly database: SqlDatabase;
  readonly capabilities: StorageCapabilities;
  readonly rowLevelSecurity: RowLevelSecurity;
  readonly clock: Clock;
  readonly jobs: JobRunner;
  /** Whether the database keeps the planner's statistics by itself. */
  readonly hasAutovacuum: boolean;
}

interface OrganizationRow {
  readonly id: string;
  readonly name: string;
  readonly time_zone: string;
}

const organizationOfRow = (row: OrganizationRow): OrganizationRecord => ({
  id: row.id,
  name: row.name,
  timeZone: row.time_zone,
});

async function ensureOrganization(database: SqlDatabase, organization: OrganizationRecord): Promise<void> {
  const { id, name, timeZone } = organization;
  await database.transaction(async (session) => {
    const [known] = await session.query<OrganizationRow>(
      'select * from tallykit.organization where id = $1 for update',
      [id],
    );
    await session.query(
      `insert into tallykit.organization (id, name, time_zone) values ($1, $2, $3)
       on conflict (id) do update set name = excluded.name, time_zone = excluded.time_zone`,
      [id, name, timeZone],
    );
    for (const table of ['log_head', 'rollup_cursor']) {
      await session.query(
        `insert into tallykit.${table} (organization_id) values ($1) on conflict do nothing`,
        [id],
      );
    }
    // Days of the old zone would answer questions about days of the new one, so they go in the same transaction.
    if (known !== undefined && known.time_zone !== timeZone) await rebuildInside(session, id);
  });
}

interface StoreParts extends SqlStorageParts {
  readonly partitions: Partitions;
  readonly statistics: StatisticsKeeper | null;
  readonly admitToBudgets: AdmitFew;
}

function organizationStore(parts: StoreParts, organizationId: string): OrganizationStore {
  const { database, clock, partitions, statistics, admitToBudgets } = parts;
  return {
    organizationId,
    async append(batch) {
      await partitions.ensureFor(batch.events.map(({ event }) => event.id));
      return appendEvents(database, organizationId, batch);
    },
    reviseCosts: (revisions, priceVersion) =>
      reviseCosts(database, organizationId, { revisions, priceVersion, at: clock.now() }),
    callsForReview: (query) => callsForReview(database, organizationId, query),
    async logHead() {
      const [head] = await database.query<{ readonly sequence: number; readonly version: number }>(
        `select sequence::float8 as sequence, price_version::float8 as version from tallykit.log_head
         where organization_id = $1`,
        [organizationId],
      );
      if (head === undefined) throw unknownOrganization(organizationId);
      return { sequence: head.sequence, priceVersion: head.version };
    },
    async recordLosses(losses, at, keyId) {
      await database.query(
        `insert into tallykit.reported_loss (organization_id, at, key_id, reason, count)
         select $1, tallykit.at_ms($2), $3, reason, count from unnest($4::text[], $5::bigint[]) as input(reason, count)`,
        [
          organizationId,
          at,
          keyId,
          arrayLiteral(losses.map(({ reason }) => reason)),
          arrayLiteral(losses.map(({ count }) => count)),
        ],
      );
    },
    ensurePartitions: (from, to) => partitions.ensure(from, to),
    ...priceStore(database, organizationId),
    ...ledgerStore(database, organizationId),
    ...keyStore(database, organizationId),
    ...auditStore(database, organizationId),
    ...budgetStore({ database, admit: admitToBudgets }, organizationId),
    eraseCustomer: (customerId, at) => requestErasure(database, organizationId, { customerId, at }),
    async advanceRollups(limit) {
      const step = await advanceRollups(database, organizationId, limit);
      if (step.to > step.from) await statistics?.logGrew(organizationId, step.to);
      return step;
    },
    checkRollups: (range) => checkRollups(database, organizationId, range),
    rebuildRollups: () => rebuildRollups(database, organizationId),
  };
}

async function healthOf({ database, engine, rowLevelSecurity }: SqlStorageParts): Promise<StorageHealth> {
  const common = { engine, expectedSchemaVersion: schemaVersion, rowLevelSecurity };
  try {
    const version = await currentVersion(database);
    const isCurrent = version === schemaVersion;
    const detail = isCurrent ? null : `The schema is at version ${version}; run "tallykit migrate".`;
    return { ...common, ready: isCurrent, schemaVersion: version, detail };
  } catch (error) {
    const detail = StorageError.is(error) ? error.message : 'The database does not answer.';
    return { ...common, ready: false, schemaVersion: 0, detail };
  }
}

/** The storage that both PostgreSQL engines are: one dialect, one set of migrations, one set of statements. */
export function createSqlStorage(parts: SqlStorageParts): Storage {
  const { database, engine, capabilities, rowLevelSecurity, clock, jobs } = parts;
  const storeParts: StoreParts = {
    ...parts,
    partitions: createPartitions(database),
    statistics: parts.hasAutovacuum ? null : createStatisticsKeeper(database),
    admitToBudgets: admitFew(budgetsLockedAtOnce),
  };
  const sessions = createReaderSessions(database, rowLevelSecurity);

  async function organization(organizationId: string): Promise<OrganizationRecord | null> {
    const [row] = await database.query<OrganizationRow>('select * from tallykit.organization where id = $1', [
      organizationId,
    ]);
    return row === undefined ? null : organizationOfRow(row);
  }

  return {
    engine,
    capabilities: { ...capabilities, rowLevelSecurity: rowLevelSecurity === 'on' },
    jobs,
    migrate: (mode) => migrate(database, mode, rowLevelSecurity),
    health: () => healthOf(parts),
    async ensureOrganization(wanted) {
      await ensureOrganization(database, wanted);
      return { ...wanted };
    },
    organization,
    async organizations() {
      const rows = await database.query<OrganizationRow>(
        'select * from tallykit.organization order by id collate "C"',
      );
      return rows.map(organizationOfRow);
    },
    forScope: (scope) =>
      scopedReader(scope, {
        database,
        sessions,
        clock,
        timeZoneOf: async (organizationId) => (await organization(organizationId))?.timeZone ?? 'UTC',
      }),
    forOrganization: ({ organizationId }) => organizationStore(storeParts, organizationId),
    findKeyByHash: (hash) => findActiveKey(database, hash),
    async cursorSecret() {
      const [row] = await database.query<{ readonly secret: string }>(
        `select encode(secret, 'hex') as secret from tallykit.cursor_secret`,
      );
      if (row === undefined) {
        throw new StorageError(
          'unavailable',
          'The secret that signs positions in lists is missing, so no list can be read on. Run "tallykit migrate" to make it.',
        );
      }
      return row.secret;
    },
    async close() {
      await jobs.stop();
      await database.close();
    },
  };
}
