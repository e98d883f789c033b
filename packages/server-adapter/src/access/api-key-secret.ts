import { createHash } from 'node:crypto';
import type { ApiKeyKind } from '@tallykit/protocol';

/** Fills the array with randomness fit for secrets. */
export type SecureRandom = (bytes: Uint8Array<ArrayBuffer>) => void;

/** What every secret of a key begins with, so that it is told from other tokens, and found in leaks. */
export const keyPrefix = 'tk_';

/** A new secret: `tk_ingest_` or `tk_server_` and 256 random bits. */
export function newKeySecret(kind: ApiKeyKind, random: SecureRandom): string {
  const bytes = new Uint8Array(32);
  random(bytes);
  return `${keyPrefix}${kind}_${Buffer.from(bytes).toString('base64url')}`;
}

/** SHA-256 in hex. A secret of 256 random bits needs no slow hash, since nobody can guess it. */
export function hashKeySecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** The part of a secret that may be shown, to recognize the key by. */
export function shownPrefix(secret: string): string {
  return secret.slice(0, `${keyPrefix}ingest_`.length + 4);
}
