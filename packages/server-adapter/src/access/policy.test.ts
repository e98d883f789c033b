import { permissions, type Permission, type Principal } from '@tallykit/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  defaultGrants,
  hasPermission,
  maySeeField,
  requirePermission,
  resolveGrants,
  visibilityOf,
} from './policy.ts';

const harmless: readonly Permission[] = ['budgets.check', 'ingest.write'];

function principal(change: Partial<Principal>): Principal {
  return {
    organizationId: 'org',
    subject: 'someone',
    role: 'customer_admin',
    customerId: 'acme',
    permissions: [],
    expiresAt: null,
    ...change,
  };
}

describe('resolveGrants', () => {
  it('gives operators everything, admins their account and members nothing', () => {
    expect(resolveGrants()).toEqual(defaultGrants);
    expect(defaultGrants.customer_member).toEqual([]);
    expect(defaultGrants.operator).toEqual(permissions);
  });

  it('refuses to start when members are granted any leaf for analytics', () => {
    for (const leaf of permissions.filter((leaf) => !harmless.includes(leaf))) {
      expect(() => resolveGrants({ customer_member: [leaf] })).toThrow(
        `grants "${leaf}" to customer_member. Members of a customer account can never hold`,
      );
    }
  });

  it('refuses to start when a customer account is granted a leaf over the whole organization', () => {
    for (const leaf of ['pricing.manage', 'ledger.write', 'keys.manage', 'sessions.mint'] as const) {
      expect(() => resolveGrants({ customer_admin: [leaf] })).toThrow('acts on the whole organization');
    }
  });

  it('refuses unknown roles and unknown leaves by name', () => {
    expect(() => resolveGrants({ ['guest' as 'operator']: [] })).toThrow('the role "guest"');
    expect(() => resolveGrants({ ['constructor' as 'operator']: [] })).toThrow('the role "constructor"');
    expect(() => resolveGrants({ operator: ['everything' as Permission] })).toThrow(
      '"everything", which is no permission',
    );
  });

  it('adds what a leaf implies', () => {
    expect(resolveGrants({ customer_admin: ['reports.manage'] }).customer_admin).toContain('analytics.view');
  });
});

describe('requirePermission', () => {
  it('denies members every leaf for analytics, whatever their principal carries', () => {
    fc.assert(
      fc.property(fc.subarray([...permissions]), fc.constantFrom(...permissions), (carried, wanted) => {
        const member = principal({ role: 'customer_member', permissions: carried });
        const allowed = hasPermission(member, wanted);
        expect(allowed).toBe(
          harmless.includes(wanted) && hasPermission({ ...member, role: 'operator' }, wanted),
        );
      }),
    );
  });

  it('says which of the three reasons it was', () => {
    const code = (change: Partial<Principal>, leaf: Permission) => {
      try {
        requirePermission(principal(change), leaf);
      } catch (error) {
        return (error as { code: string }).code;
      }
      return 'allowed';
    };
    expect(code({ role: 'customer_member', permissions }, 'analytics.view')).toBe('role_denied');
    expect(code({ permissions }, 'pricing.manage')).toBe('operator_only');
    expect(code({ permissions: [] }, 'analytics.view')).toBe('permission_missing');
    expect(code({ permissions: ['reports.manage'] }, 'analytics.view')).toBe('allowed');
  });
});

describe('an operator whom the host bound to a customer', () => {
  it('holds nothing that acts on the whole organization, but may mint tokens for its customer', () => {
    const bound = principal({ role: 'operator', permissions });
    const { customerId: _customerId, ...free } = bound;
    const lost = permissions.filter((leaf) => hasPermission(free, leaf) && !hasPermission(bound, leaf));
    expect(lost).toEqual(['pricing.manage', 'ledger.write', 'reconciliation.manage', 'keys.manage']);
    expect(() => requirePermission(bound, 'keys.manage')).toThrow('concerns the whole organization');
  });
});

describe('fields', () => {
  it('shows operator fields to operators only and model names by the setting', () => {
    const [operator, admin] = [visibilityOf(principal({ role: 'operator' })), visibilityOf(principal({}))];
    expect(maySeeField('operator', operator, { showProviderNames: false })).toBe(true);
    expect(maySeeField('operator', admin, { showProviderNames: true })).toBe(false);
    expect(maySeeField('provider_name', admin, { showProviderNames: true })).toBe(true);
    expect(maySeeField('provider_name', admin, { showProviderNames: false })).toBe(false);
    expect(maySeeField('everyone', admin, { showProviderNames: false })).toBe(true);
  });
});
