import * as z from 'zod/mini';
import { identifierSchema, instantSchema } from './text.ts';

/** Kinds of API keys. `ingest` writes events and nothing else; `server` has an operator's rights, for the vendor's backend. */
export const apiKeyKinds = ['ingest', 'server'] as const;

/** One of {@link apiKeyKinds}. */
export type ApiKeyKind = (typeof apiKeyKinds)[number];

/** Body of `POST /v1/keys`. */
export interface ApiKeyInput {
  readonly kind: ApiKeyKind;
  /** What it is for, in the vendor's own words. */
  readonly name: string;
  /** Binds an ingest key to one customer: events of others are refused. */
  readonly customerId?: string | undefined;
}

/** Checks an {@link ApiKeyInput}; closed. */
export const apiKeyInputSchema = z.strictObject({
  kind: z.enum(apiKeyKinds),
  name: identifierSchema,
  customerId: z.optional(identifierSchema),
});

/** An API key without its secret, which is shown once and never stored. */
export interface ApiKey {
  readonly id: string;
  readonly kind: ApiKeyKind;
  readonly name: string;
  /** First characters of the secret, to recognize it by. */
  readonly prefix: string;
  readonly customerId: string | null;
  readonly createdAt: string;
  readonly revokedAt: string | null;
}

/** Checks an {@link ApiKey}; open. */
export const apiKeySchema = z.object({
  id: z.string(),
  kind: z.enum(apiKeyKinds),
  name: z.string(),
  prefix: z.string(),
  customerId: z.nullable(z.string()),
  createdAt: instantSchema,
  revokedAt: z.nullable(instantSchema),
});

/** Answer to `POST /v1/keys`. Keep `secret`: it cannot be shown again. */
export interface ApiKeyCreated {
  readonly key: ApiKey;
  readonly secret: string;
}

/** Checks an {@link ApiKeyCreated}; open. */
export const apiKeyCreatedSchema = z.object({ key: apiKeySchema, secret: z.string() });

/** Answer to `GET /v1/keys`: active and revoked keys, oldest first. */
export interface ApiKeysAnswer {
  readonly keys: readonly ApiKey[];
}

/** Checks an {@link ApiKeysAnswer}; open. */
export const apiKeysAnswerSchema = z.object({ keys: z.array(apiKeySchema) });
