export {
  referenceStorage,
  type ReferenceStorage,
  type ReferenceStorageOptions,
} from './reference/reference-storage.ts';
