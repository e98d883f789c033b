import { permissions, type Principal } from '@tallykit/protocol';
import { describe, expect, it } from 'vitest';
import { visibilityOf } from './policy.ts';
import { narrowToCustomer, readScopeOf } from './scope.ts';

const operator: Principal = {
  organizationId: 'org',
  subject: 'ops',
  role: 'operator',
  permissions,
  expiresAt: null,
};
const admin: Principal = { ...operator, role: 'customer_admin', customerId: 'acme' };

describe('readScopeOf', () => {
  it('gives operators the organization and customers their own rows', () => {
    expect(readScopeOf(operator)).toEqual({ organizationId: 'org', customers: 'all' });
    expect(readScopeOf(admin)).toEqual({ organizationId: 'org', customers: ['acme'] });
  });

  it('adds customers below only when the host said so', () => {
    expect(readScopeOf(admin, ['acme', 'acme-eu']).customers).toEqual(['acme']);
    expect(readScopeOf({ ...admin, includeDescendants: true }, ['acme', 'acme-eu']).customers).toEqual([
      'acme',
      'acme-eu',
    ]);
  });

  it('fails for a customer role without a customer instead of reading everything', () => {
    expect(() => readScopeOf({ ...admin, customerId: undefined })).toThrow('no valid credentials');
    expect(() => readScopeOf({ ...admin, customerId: '' })).toThrow('no valid credentials');
  });
});

describe('narrowToCustomer', () => {
  it('narrows an operator in scope, visibility and permissions together', () => {
    const narrowed = narrowToCustomer(operator, 'acme');
    expect(readScopeOf(narrowed).customers).toEqual(['acme']);
    expect(visibilityOf(narrowed)).toBe('customer');
    expect(narrowed.permissions).not.toContain('pricing.manage');
  });

  it('lets a customer name itself and nobody else', () => {
    expect(narrowToCustomer(admin, 'acme')).toBe(admin);
    expect(() => narrowToCustomer(admin, 'rival')).toThrow('another customer account');
  });

  it('does not let a narrowed operator widen again', () => {
    expect(() => narrowToCustomer(narrowToCustomer(operator, 'acme'), 'rival')).toThrow(
      'another customer account',
    );
  });
});
