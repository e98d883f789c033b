import type { Principal } from '@tallykit/protocol';

/** How somebody proved who is asking. */
export type Credential = 'host' | 'embed_token' | 'ingest_key' | 'server_key';

/** Who asks, and by which proof. */
export interface Caller {
  readonly principal: Principal;
  readonly credential: Credential;
  /** Id of the API key, or null. */
  readonly keyId: string | null;
  /** Insights that the embed token may serve; null for all. */
  readonly widgets: readonly string[] | null;
  /** Origins of the pages that may use the embed token; null when it names none. */
  readonly origins: readonly string[] | null;
}
