export {
  referenceStorage,
  type ReferenceStorage,
  type ReferenceStorageOptions,
} from './reference/reference-storage.ts';
export { createTestPostgres, type TestPostgres } from './create-test-postgres.ts';
export { describeFramework, type RunningMount, type StartMount } from './describe-framework.ts';
