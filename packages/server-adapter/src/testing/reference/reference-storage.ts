import { randomBytes } from 'node:crypto';
import { systemClock, type Clock } from '../../primitives/clock.ts';
import type { JobRunner } from '../../storage/contract/job-runner.ts';
import { StorageError } from '../../storage/contract/storage-error.ts';
import type { Storage } from '../../storage/contract/storage.ts';
import { createOrganizationState, type OrganizationState } from './organization-state.ts';
import { referenceOrganization, type SharedState } from './reference-organization.ts';
import { referenceReader } from './reference-reader.ts';

/** Settings of {@link referenceStorage}. */
export interface ReferenceStorageOptions {
  /** Default: the system's clock. */
  readonly clock?: Clock;
}

/** The reference store, which can also run a job when a test says so. */
export interface ReferenceStorage extends Storage {
  /** Runs a registered job now; rejects when there is none of that name. */
  runJob(name: string): Promise<void>;
}

// Never runs anything by itself, so that a test decides when.
function createManualJobs(): JobRunner & { run(name: string): Promise<void> } {
  const jobs = new Map<string, () => Promise<void>>();
  let started = false;
  return {
    schedule({ name, run }) {
      if (started) throw new Error(`Job ${name} was registered after the start; register it before.`);
      jobs.set(name, run);
    },
    start: async () => void (started = true),
    stop: async () => void (started = false),
    async run(name) {
      const job = jobs.get(name);
      if (job === undefined) throw new Error(`No job is called ${name}.`);
      await job();
    },
  };
}

/**
 * A naive store in memory: it keeps every event and goes through all of them for each answer. It is the oracle that real
 * engines are compared with, and quick enough for tests of everything above storage.
 *
 * @example
 * const storage = referenceStorage({ clock: createManualClock(Date.UTC(2026, 10, 20)) });
 */
export function referenceStorage({ clock = systemClock }: ReferenceStorageOptions = {}): ReferenceStorage {
  const shared: SharedState = { catalogue: new Map(), releases: new Set(), organizations: new Map() };
  const jobs = createManualJobs();
  const secret = randomBytes(32).toString('hex');
  let closed = false;
  const open = (): void => {
    if (closed) throw new StorageError('store_closed', 'The store was closed; create a new one to go on.');
  };
  const stateOf = (organizationId: string): OrganizationState => {
    open();
    const state = shared.organizations.get(organizationId);
    if (state === undefined) {
      throw new StorageError(
        'unavailable',
        `Organization ${organizationId} is unknown; call ensureOrganization first.`,
      );
    }
    return state;
  };
  return {
    engine: 'reference',
    capabilities: {
      survivesProcessDeath: false,
      survivesPowerLoss: false,
      rowLevelSecurity: false,
      manyProcesses: false,
    },
    jobs,
    runJob: (name) => jobs.run(name),
    migrate: async () => {
      open();
      return [];
    },
    health: async () => ({
      ready: !closed,
      engine: 'reference',
      schemaVersion: 1,
      expectedSchemaVersion: 1,
      rowLevelSecurity: 'off',
      detail: closed ? 'The store was closed.' : null,
    }),
    ensureOrganization: async (organization) => {
      open();
      const known = shared.organizations.get(organization.id);
      if (known === undefined)
        shared.organizations.set(organization.id, createOrganizationState(organization));
      else known.record = { ...organization };
      return { ...organization };
    },
    organization: async (organizationId) => {
      open();
      return shared.organizations.get(organizationId)?.record ?? null;
    },
    organizations: async () => {
      open();
      return [...shared.organizations.values()]
        .map(({ record }) => record)
        .sort((a, b) => (a.id < b.id ? -1 : 1));
    },
    forScope: (scope) => referenceReader(scope, shared, { clock, open }),
    forOrganization: ({ organizationId }) =>
      referenceOrganization(organizationId, shared, { clock, stateOf: () => stateOf(organizationId) }),
    findKeyByHash: async (hash) => {
      open();
      for (const state of shared.organizations.values()) {
        for (const { hash: stored, ...key } of state.keys.values()) {
          if (stored === hash && key.revokedAt === null) return key;
        }
      }
      return null;
    },
    cursorSecret: async () => secret,
    close: async () => void (closed = true),
  };
}
