import { permissions, type Permission, type Principal, type Role, type Visibility } from '@tallykit/protocol';
import { operatorOnly, permissionMissing, roleDenied } from './access-problems.ts';

/** Which leaves each role holds. */
export type RoleGrants = Readonly<Record<Role, readonly Permission[]>>;

/** What each role holds unless the host moves leaves. */
export const defaultGrants: RoleGrants = {
  operator: permissions,
  customer_admin: ['analytics.view', 'reports.manage', 'exports.manage', 'alerts.manage'],
  customer_member: [],
};

// A leaf is implied by the one that could not be used without it.
const implied: Partial<Record<Permission, readonly Permission[]>> = {
  'reports.manage': ['analytics.view'],
  'goals.manage': ['goals.view'],
  'budgets.manage': ['budgets.check'],
};

// These act on, or show, the whole organization; in a customer's hands each of them would widen a scope.
const operatorLeaves: ReadonlySet<Permission> = new Set([
  'pricing.manage',
  'ledger.write',
  'reconciliation.manage',
  'sessions.mint',
  'keys.manage',
]);

// Everything else shows or shapes figures. Neither of these two does.
const memberLeaves: ReadonlySet<Permission> = new Set(['budgets.check', 'ingest.write']);

/** The floor below every setting: whether a role can hold a leaf at all. */
export function mayHold(role: Role, permission: Permission): boolean {
  if (role === 'operator') return true;
  if (role === 'customer_member') return memberLeaves.has(permission);
  return !operatorLeaves.has(permission);
}

/**
 * Whether anybody of this role, bound to this customer or to none, can hold a leaf. An operator whom the host bound to a
 * customer must not reach the others by way of the whole organization. Tokens it may mint: only for its own customer.
 */
export function principalMayHold(
  { role, customerId }: Pick<Principal, 'role' | 'customerId'>,
  permission: Permission,
): boolean {
  const isBound = customerId !== undefined;
  return (
    mayHold(role, permission) &&
    !(isBound && permission !== 'sessions.mint' && operatorLeaves.has(permission))
  );
}

/**
 * Joins the host's grants with the defaults. Throws at start-up when a grant is unknown or breaks the floor, so that a
 * mistake in the settings is found before anybody reads anything.
 *
 * @example
 * const grants = resolveGrants({ customer_admin: ['analytics.view'] });
 */
export function resolveGrants(moved: Partial<RoleGrants> = {}): RoleGrants {
  for (const [role, leaves] of Object.entries(moved)) {
    if (!Object.hasOwn(defaultGrants, role)) {
      throw new TypeError(
        `The option "roles" names the role "${role}", which does not exist. Roles: ${Object.keys(defaultGrants).join(', ')}.`,
      );
    }
    for (const leaf of leaves) checkGrant(role as Role, leaf);
  }
  return {
    operator: withImplied(moved.operator ?? defaultGrants.operator),
    customer_admin: withImplied(moved.customer_admin ?? defaultGrants.customer_admin),
    customer_member: withImplied(moved.customer_member ?? defaultGrants.customer_member),
  };
}

function checkGrant(role: Role, leaf: Permission): void {
  if (!permissions.includes(leaf)) {
    throw new TypeError(
      `The option "roles" grants "${leaf}", which is no permission. Permissions: ${permissions.join(', ')}.`,
    );
  }
  if (mayHold(role, leaf)) return;
  const why =
    role === 'customer_member'
      ? 'Members of a customer account can never hold a permission for analytics.'
      : 'It acts on the whole organization, so a customer account can never hold it.';
  throw new TypeError(`The option "roles" grants "${leaf}" to ${role}. ${why} Remove it from the option.`);
}

/** Adds what the given leaves imply: `reports.manage` brings `analytics.view`. */
export function withImplied(leaves: readonly Permission[]): readonly Permission[] {
  return [...new Set(leaves.flatMap((leaf) => [leaf, ...(implied[leaf] ?? [])]))];
}

/** Which fields a principal may see. */
export function visibilityOf(principal: Principal): Visibility {
  return principal.role === 'operator' ? 'operator' : 'customer';
}

/** Whether the principal holds the leaf; the floor is looked at again, whatever the principal carries. */
export function hasPermission(principal: Principal, permission: Permission): boolean {
  return principalMayHold(principal, permission) && withImplied(principal.permissions).includes(permission);
}

/** Throws a 403 problem unless the principal holds the leaf. */
export function requirePermission(principal: Principal, permission: Permission): void {
  if (hasPermission(principal, permission)) return;
  if (principal.role === 'customer_member') throw roleDenied();
  if (!principalMayHold(principal, permission)) throw operatorOnly();
  throw permissionMissing(permission);
}

/** How sensitive a field is. `provider_name`: names of models and providers, which a setting may hide from customers. */
export type FieldLabel = 'everyone' | 'operator' | 'provider_name';

/** Settings that decide about fields. */
export interface FieldSettings {
  /** Whether customers see names of models and providers; true unless told. */
  readonly showProviderNames: boolean;
}

/** Whether a visibility may see a field with this label. */
export function maySeeField(label: FieldLabel, visibility: Visibility, settings: FieldSettings): boolean {
  if (visibility === 'operator' || label === 'everyone') return true;
  return label === 'provider_name' && settings.showProviderNames;
}
