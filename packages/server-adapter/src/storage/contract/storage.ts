import type { AppendStore } from './append.ts';
import type { AuditStore } from './audit-store.ts';
import type { BudgetStore } from './budget-store.ts';
import type { StorageCapabilities } from './capabilities.ts';
import type { ErasureStore } from './erasure-store.ts';
import type { JobRunner } from './job-runner.ts';
import type { KeyStore } from './key-store.ts';
import type { LedgerStore } from './ledger-store.ts';
import type { PriceStore } from './price-store.ts';
import type { ReadScope, ScopedReader } from './scoped-reader.ts';
import type { RollupStore } from './rollup-store.ts';

/** The vendor as a store knows it. */
export interface OrganizationRecord {
  readonly id: string;
  readonly name: string;
  /** IANA zone of the organization's days and months. */
  readonly timeZone: string;
}

/** Rights of a job or of the write side: one organization, named for the audit trail. */
export interface JobPrincipal {
  readonly organizationId: string;
  /** The job or request on whose behalf the store is used, for example `job:rollups`. */
  readonly subject: string;
}

/** What one organization's jobs and write side may do. People's reads never come this way. */
export interface OrganizationStore
  extends AppendStore, PriceStore, LedgerStore, KeyStore, AuditStore, ErasureStore, RollupStore, BudgetStore {
  readonly organizationId: string;
}

/** What the store says of itself in `/readyz`. */
export interface StorageHealth {
  readonly ready: boolean;
  readonly engine: string;
  readonly schemaVersion: number;
  readonly expectedSchemaVersion: number;
  /** Whether rows are fenced by the database as well. */
  readonly rowLevelSecurity: 'on' | 'off';
  readonly detail: string | null;
}

/** A storage engine. Every method may reject with a `StorageError`. */
export interface Storage {
  /** Name shown in every answer's freshness: `embedded`, `postgres`, `reference`. */
  readonly engine: string;
  readonly capabilities: StorageCapabilities;
  /** `auto` brings the schema up to date; `check` fails with `schema_out_of_date` when it is not. Returns the versions applied. */
  migrate(mode: 'auto' | 'check'): Promise<readonly number[]>;
  health(): Promise<StorageHealth>;
  /** Creates the organization or updates its name. A change of zone marks its day rollups for a rebuild. */
  ensureOrganization(organization: OrganizationRecord): Promise<OrganizationRecord>;
  organization(organizationId: string): Promise<OrganizationRecord | null>;
  organizations(): Promise<readonly OrganizationRecord[]>;
  /** Reads for people: the only object that can, limited to `scope` by the query and by the database. */
  forScope(scope: ReadScope): ScopedReader;
  /** Jobs, ingestion and ledger writes of one organization. */
  forOrganization(principal: JobPrincipal): OrganizationStore;
  /** Finds an active key of any organization by the hash of its secret. */
  findKeyByHash(hash: string): ReturnType<KeyStore['findKey']>;
  /** What signs positions in lists, in hexadecimal: the same in every process on one store, and of no other store. */
  cursorSecret(): Promise<string>;
  readonly jobs: JobRunner;
  close(): Promise<void>;
}
