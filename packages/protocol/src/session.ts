import * as z from 'zod/mini';
import { roles, type Permission, type Role, type Visibility } from './principal.ts';
import { instantSchema } from './text.ts';

/** Answer to `GET /v1/session`: who is asking, as the server sees it. */
export interface SessionAnswer {
  /** Who it is in the host's own terms. */
  readonly subject: string;
  readonly role: Role;
  readonly visibility: Visibility;
  readonly permissions: readonly Permission[];
  readonly organization: { readonly id: string; readonly name: string; readonly timeZone: string };
  /** The customer account whose figures are readable; null for operators. */
  readonly customer: { readonly id: string; readonly name: string } | null;
  /** Instant after which the session is refused, or null. */
  readonly expiresAt: string | null;
}

/** Checks a {@link SessionAnswer}; open. */
export const sessionAnswerSchema = z.object({
  subject: z.string(),
  role: z.enum(roles),
  visibility: z.enum(['operator', 'customer']),
  // Open on purpose: an older client must not fail when the server learns a permission.
  permissions: z.array(z.string()),
  organization: z.object({ id: z.string(), name: z.string(), timeZone: z.string() }),
  customer: z.nullable(z.object({ id: z.string(), name: z.string() })),
  expiresAt: z.nullable(instantSchema),
});
