import * as z from 'zod/mini';
import { identifierSchema, instantSchema } from './text.ts';

/** Roles that a principal may have. */
export const roles = ['operator', 'customer_admin', 'customer_member'] as const;

/** One of {@link roles}. */
export type Role = (typeof roles)[number];

/** Permission leaves. `reports.manage` implies `analytics.view`. */
export const permissions = [
  'analytics.view',
  'reports.manage',
  'goals.view',
  'goals.manage',
  'telemetry.view',
  'pricing.manage',
  'ledger.write',
  'exports.manage',
  'alerts.manage',
  'reconciliation.manage',
  'sessions.mint',
  'keys.manage',
  'budgets.check',
  'budgets.manage',
  'ingest.write',
] as const;

/** One of {@link permissions}. */
export type Permission = (typeof permissions)[number];

/** Who asks. Made by the server alone; nothing that a browser sends can widen it. */
export interface Principal {
  readonly organizationId: string;
  /** Who it is in the host's own terms, for the audit trail. */
  readonly subject: string;
  readonly role: Role;
  /** Required for the customer roles. */
  readonly customerId?: string | undefined;
  /** Whether customers below `customerId` are readable as well. */
  readonly includeDescendants?: boolean | undefined;
  readonly permissions: readonly Permission[];
  /** Instant after which the principal is refused, or null. */
  readonly expiresAt: string | null;
}

/** Which fields a principal may see. */
export type Visibility = 'operator' | 'customer';

/** Body of `POST /v1/embed-sessions`. Minted by the vendor's backend with a server key or an operator's rights. */
export interface EmbedSessionRequest {
  readonly customerId: string;
  readonly subject: string;
  readonly role: 'customer_admin' | 'customer_member';
  /** Ids of the widgets that the token may serve; all when absent. */
  readonly widgets?: readonly string[] | undefined;
  readonly features?: readonly string[] | undefined;
  /** 1 to 60 minutes; 15 unless told. */
  readonly minutes?: number | undefined;
  /** Exact origins of the pages that may use the token. */
  readonly origins?: readonly string[] | undefined;
}

/** Checks an {@link EmbedSessionRequest}; closed. */
export const embedSessionRequestSchema = z.strictObject({
  customerId: identifierSchema,
  subject: identifierSchema,
  role: z.enum(['customer_admin', 'customer_member']),
  widgets: z.optional(z.array(identifierSchema).check(z.maxLength(100))),
  features: z.optional(z.array(identifierSchema).check(z.maxLength(100))),
  minutes: z.optional(z.int().check(z.gte(1), z.lte(60))),
  origins: z.optional(z.array(z.url()).check(z.maxLength(20))),
});

/** Answer to `POST /v1/embed-sessions`. Keep the token in memory and send it as `Authorization: Bearer`. */
export interface EmbedSession {
  readonly token: string;
  readonly expiresAt: string;
}

/** Checks an {@link EmbedSession}; open. */
export const embedSessionSchema = z.object({ token: z.string(), expiresAt: instantSchema });
