import { apiKeyInputSchema, type ApiKey, type ApiKeyCreated, type ApiKeyInput } from '@tallykit/protocol';
import { invalidParts, invalidRequest } from '../http/invalid-request.ts';
import { problemError } from '../http/problem-error.ts';
import type { Clock } from '../primitives/clock.ts';
import { uuidV7 } from '../primitives/uuid-v7.ts';
import type { KeyStore, StoredKey } from '../storage/contract/key-store.ts';
import { hashKeySecret, newKeySecret, shownPrefix, type SecureRandom } from './api-key-secret.ts';

/** What keys are made with. */
export interface KeyContext {
  readonly store: KeyStore & { readonly organizationId: string };
  readonly clock: Clock;
  readonly random: SecureRandom;
}

/** Makes a key. Its secret is in the answer and nowhere else. */
export async function createApiKey(context: KeyContext, body: unknown): Promise<ApiKeyCreated> {
  const { kind, name, customerId } = checkInput(body);
  const { store, clock, random } = context;
  const secret = newKeySecret(kind, random);
  const createdAt = clock.now();
  const stored: StoredKey = {
    id: uuidV7(createdAt),
    organizationId: store.organizationId,
    kind,
    name,
    prefix: shownPrefix(secret),
    customerId: customerId ?? null,
    createdAt,
    revokedAt: null,
  };
  await store.createKey({ ...stored, hash: hashKeySecret(secret) });
  return { key: shownKey(stored), secret };
}

/** All keys of the organization, oldest first. */
export async function listApiKeys(store: KeyStore): Promise<readonly ApiKey[]> {
  const keys = await store.listKeys();
  return keys.toSorted((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1)).map(shownKey);
}

/** Ends a key. Requests that carry it are refused from the next one on. */
export async function revokeApiKey(context: Omit<KeyContext, 'random'>, id: string): Promise<void> {
  if (await context.store.revokeKey(id, context.clock.now())) return;
  throw problemError({
    status: 404,
    code: 'key_not_found',
    title: 'Key not found',
    detail: 'There is no active key with this id. GET /v1/keys lists the keys and which are revoked.',
  });
}

function checkInput(body: unknown): ApiKeyInput {
  const parsed = apiKeyInputSchema.safeParse(body);
  if (!parsed.success) throw invalidRequest(parsed.error);
  if (parsed.data.kind === 'server' && parsed.data.customerId !== undefined) {
    const detail =
      'Only an ingest key can be bound to a customer; a server key acts for the whole organization. Leave it out.';
    throw invalidParts([{ pointer: '/customerId', detail }]);
  }
  return parsed.data;
}

function shownKey(key: StoredKey): ApiKey {
  return {
    id: key.id,
    kind: key.kind,
    name: key.name,
    prefix: key.prefix,
    customerId: key.customerId,
    createdAt: new Date(key.createdAt).toISOString(),
    revokedAt: key.revokedAt === null ? null : new Date(key.revokedAt).toISOString(),
  };
}
