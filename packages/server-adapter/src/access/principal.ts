import { permissions, roles, type Permission, type Principal, type Role } from '@tallykit/protocol';
import { principalMayHold, withImplied, type RoleGrants } from './policy.ts';

/**
 * What the host's `authenticate` answers about a request. Everything in it comes from the host's own session, never from
 * the request's query or body.
 *
 * @example
 * const claim: PrincipalClaim = { subject: user.id, role: 'customer_admin', customerId: user.accountId };
 */
export interface PrincipalClaim {
  /** Who it is in the host's own terms, for the audit trail. */
  readonly subject: string;
  readonly role: Role;
  /** Required for the customer roles. An operator with one reads that account only, and nothing of the organization's. */
  readonly customerId?: string | null | undefined;
  /** The only organization of this instance unless told. */
  readonly organizationId?: string | undefined;
  /** Whether customers below `customerId` are readable as well; false unless told. */
  readonly includeDescendants?: boolean | undefined;
  /** The role's leaves unless told. What a role can never hold is left out. */
  readonly permissions?: readonly Permission[] | undefined;
  /** Instant after which the principal is refused; never unless told. */
  readonly expiresAt?: string | null | undefined;
}

/** What turns a claim into a principal. */
export interface ClaimSettings {
  readonly grants: RoleGrants;
  /** Id of the organization when the claim names none. */
  readonly defaultOrganizationId: string;
  readonly organizationIds: ReadonlySet<string>;
}

/**
 * Turns the host's answer into a principal. A claim that makes no sense is a mistake in the host's code: it throws a
 * TypeError, which becomes a logged 500, and never a wider scope.
 */
export function principalOfClaim(claim: PrincipalClaim, settings: ClaimSettings): Principal {
  const { subject, role, includeDescendants } = claim;
  const organizationId = claim.organizationId ?? settings.defaultOrganizationId;
  const customerId = claim.customerId ?? undefined;
  if (typeof subject !== 'string' || subject === '') throw wrongClaim('names no "subject"');
  if (!roles.includes(role))
    throw wrongClaim(`names the role "${String(role)}"; roles are ${roles.join(', ')}`);
  if (!settings.organizationIds.has(organizationId)) {
    throw wrongClaim(
      `names the organization "${organizationId}", which is not in the options of createTallykit`,
    );
  }
  if (customerId !== undefined && (typeof customerId !== 'string' || customerId === '')) {
    throw wrongClaim('names a "customerId" that is no text');
  }
  if (role !== 'operator' && customerId === undefined)
    throw wrongClaim(`has the role ${role} but no "customerId"`);
  const leaves = claim.permissions ?? settings.grants[role];
  const unknown = leaves.find((leaf) => !permissions.includes(leaf));
  if (unknown !== undefined) throw wrongClaim(`holds "${unknown}", which is no permission`);
  return {
    organizationId,
    subject,
    role,
    ...(customerId === undefined ? {} : { customerId }),
    ...(includeDescendants === true ? { includeDescendants } : {}),
    permissions: withImplied(leaves).filter((leaf) => principalMayHold({ role, customerId }, leaf)),
    expiresAt: expiryOf(claim.expiresAt),
  };
}

function expiryOf(expiresAt: string | null | undefined): string | null {
  if (expiresAt === null || expiresAt === undefined) return null;
  const instant = Date.parse(expiresAt);
  if (Number.isNaN(instant)) throw wrongClaim('has an "expiresAt" that is no instant');
  return new Date(instant).toISOString();
}

function wrongClaim(what: string): TypeError {
  return new TypeError(
    `The answer of "authenticate" ${what}. The request was refused; correct the host's function.`,
  );
}
