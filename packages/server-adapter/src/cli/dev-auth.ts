import type { Authenticate } from '../access/resolve-principal.ts';
import type { PrincipalClaim } from '../access/principal.ts';
import { problemError } from '../http/problem-error.ts';
import { isLoopback } from './loopback.ts';

/** The header by which a development server believes anybody anything. */
export const devPrincipalHeader = 'x-tallykit-dev-principal';

/**
 * Takes the caller's word for who is asking: `operator`, `customer_admin:<id>` or `customer_member:<id>`. For servers on
 * loopback only, and for requests that name this machine, so that no page of elsewhere can pose as its own site.
 */
export const devAuthenticate: Authenticate = (request) => {
  const text = request.headers.get(devPrincipalHeader);
  if (text === null || !isLoopback(new URL(request.url).hostname)) return null;
  return devPrincipal(text.trim());
};

function devPrincipal(text: string): PrincipalClaim {
  if (text === 'operator') return { subject: 'dev:operator', role: 'operator' };
  const [, role, customerId] = /^(customer_admin|customer_member):(.{1,200})$/.exec(text) ?? [];
  if ((role !== 'customer_admin' && role !== 'customer_member') || customerId === undefined) {
    throw problemError({
      status: 401,
      code: 'dev_principal_invalid',
      title: 'No such principal',
      detail: `The header ${devPrincipalHeader} must be operator, customer_admin:<id> or customer_member:<id>.`,
    });
  }
  return { subject: `dev:${role}@${customerId}`, role, customerId };
}
