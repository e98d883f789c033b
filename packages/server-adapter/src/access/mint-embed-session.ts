import {
  embedSessionRequestSchema,
  permissions,
  type EmbedSession,
  type Permission,
  type Principal,
} from '@tallykit/protocol';
import { exactOrigin } from '../http/request-origin.ts';
import { invalidParts, invalidRequest } from '../http/invalid-request.ts';
import { problemError, type ProblemError } from '../http/problem-error.ts';
import { customerNotAllowed } from './access-problems.ts';
import { signEmbedToken, type EmbedTokenContext } from './embed-token.ts';
import type { RoleGrants } from './policy.ts';

const defaultMinutes = 15;

/** What embed sessions are minted with. */
export interface MintContext {
  /** Null when embedding is not configured. */
  readonly tokens: EmbedTokenContext | null;
  /** Origins that the server lets read answers. */
  readonly origins: readonly string[];
  readonly grants: RoleGrants;
}

/** Mints a token for one customer's page. It never carries more than its role holds. */
export async function mintEmbedSession(
  principal: Principal,
  body: unknown,
  context: MintContext,
): Promise<EmbedSession> {
  const { tokens, grants } = context;
  if (tokens === null) throw embeddingNotConfigured();
  const parsed = embedSessionRequestSchema.safeParse(body);
  if (!parsed.success) throw invalidRequest(parsed.error);
  const { customerId, subject, role, widgets, features, minutes = defaultMinutes, origins } = parsed.data;
  if (principal.customerId !== undefined && principal.customerId !== customerId) throw customerNotAllowed();
  const issuedAt = Math.floor(tokens.clock.now() / 1000) * 1000;
  const expiresAt = issuedAt + minutes * 60_000;
  const token = await signEmbedToken(
    {
      tokenId: crypto.randomUUID(),
      organizationId: principal.organizationId,
      customerId,
      subject,
      role,
      permissions: chosenFeatures(features, grants[role]),
      widgets: widgets ?? null,
      origins: origins === undefined ? null : checkedOrigins(origins, context.origins),
      issuedAt,
      expiresAt,
    },
    tokens,
  );
  return { token, expiresAt: new Date(expiresAt).toISOString() };
}

function chosenFeatures(
  features: readonly string[] | undefined,
  held: readonly Permission[],
): readonly Permission[] {
  if (features === undefined) return held;
  const unknown = features.findIndex((feature) => !(permissions as readonly string[]).includes(feature));
  if (unknown >= 0) {
    throw invalidParts([
      {
        pointer: `/features/${unknown}`,
        detail: `Not a permission. The role holds: ${held.join(', ') || 'none'}.`,
      },
    ]);
  }
  return held.filter((leaf) => features.includes(leaf));
}

function checkedOrigins(origins: readonly string[], listed: readonly string[]): readonly string[] {
  return origins.map((text, index) => {
    const origin = exactOrigin(text);
    if (origin === null) {
      throw invalidParts([
        {
          pointer: `/origins/${index}`,
          detail: 'Not an origin: give scheme, host and port only, for example https://app.example.com.',
        },
      ]);
    }
    if (listed.length > 0 && !listed.includes(origin)) {
      throw invalidParts([
        {
          pointer: `/origins/${index}`,
          detail: 'Not in the option "embed.origins" of the server, so no browser could use the token there.',
        },
      ]);
    }
    return origin;
  });
}

function embeddingNotConfigured(): ProblemError {
  return problemError({
    status: 501,
    code: 'embedding_not_configured',
    title: 'Embedding not configured',
    detail:
      'The server has no secret to sign embed tokens with. Set the option "embed.secret" of createTallykit.',
  });
}
