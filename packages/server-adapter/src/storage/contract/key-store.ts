/** An API key as it is stored: never its secret, only the hash. */
export interface StoredKey {
  readonly id: string;
  readonly organizationId: string;
  readonly kind: 'ingest' | 'server';
  readonly name: string;
  /** First characters of the secret, to recognize it by. */
  readonly prefix: string;
  /** An ingest key bound to one customer refuses events of others. */
  readonly customerId: string | null;
  readonly createdAt: number;
  readonly revokedAt: number | null;
}

/** API keys of an organization. */
export interface KeyStore {
  createKey(key: StoredKey & { readonly hash: string }): Promise<void>;
  listKeys(): Promise<readonly StoredKey[]>;
  /** False when there is no such active key. */
  revokeKey(id: string, at: number): Promise<boolean>;
  /** An active key of this organization by the hash of its secret. */
  findKey(hash: string): Promise<StoredKey | null>;
}
