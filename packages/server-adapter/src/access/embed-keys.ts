import { createHash } from 'node:crypto';

/** How embed tokens are made and checked. */
export interface EmbedOptions {
  /**
   * Secret of at least 32 characters that signs tokens; several to change it without ending sessions: the first signs,
   * all are accepted.
   */
  readonly secret: string | readonly string[];
  /** Who the tokens are for, so that a token of another installation is refused; `tallykit` unless told. */
  readonly audience?: string | undefined;
  /** Exact origins of pages elsewhere that embed widgets, for example `https://app.example.com`. None unless told. */
  readonly origins?: readonly string[] | undefined;
  /** Asked for every request with a token: true ends it before its expiry. Keep it quick. */
  readonly isRevoked?: ((token: EmbedTokenIdentity) => boolean | Promise<boolean>) | undefined;
}

/** What early revocation may decide by. */
export interface EmbedTokenIdentity {
  readonly tokenId: string;
  readonly organizationId: string;
  readonly customerId: string;
  readonly subject: string;
  /** Unix milliseconds. */
  readonly issuedAt: number;
}

/** Signing keys by their id. */
export interface EmbedKeys {
  readonly signing: { readonly id: string; readonly secret: Uint8Array };
  readonly byId: ReadonlyMap<string, Uint8Array>;
}

/** Fewer characters could be guessed from one token at leisure. */
const shortestSecret = 32;

/** Checks the secrets at start-up and gives each an id that tells nothing about it. */
export function embedKeys(secret: EmbedOptions['secret']): EmbedKeys {
  const secrets = typeof secret === 'string' ? [secret] : secret;
  const keys = secrets.map((text) => {
    if (typeof text !== 'string' || text.length < shortestSecret) {
      throw new TypeError(
        `The option "embed.secret" must have at least ${shortestSecret} characters, or tokens could be forged. Make one with: openssl rand -base64 48`,
      );
    }
    const id = createHash('sha256').update('tallykit embed key id').update(text).digest('hex').slice(0, 12);
    return { id, secret: new TextEncoder().encode(text) };
  });
  const [signing] = keys;
  if (signing === undefined)
    throw new TypeError('The option "embed.secret" is an empty list. Give at least one secret.');
  return { signing, byId: new Map(keys.map((key) => [key.id, key.secret])) };
}
