import type { SessionAnswer } from '@tallykit/protocol';
import { unauthenticated } from '../access/access-problems.ts';
import { hasPermission, visibilityOf } from '../access/policy.ts';
import type { EndpointCall } from './route.ts';

/** Tells callers who they are here and what they may do. Nothing of it is asked of the request itself. */
export async function readSession({ caller, parts }: EndpointCall): Promise<SessionAnswer> {
  const { principal } = caller;
  const { organizationId, subject, role, customerId, permissions, expiresAt } = principal;
  const organization = await parts.storage.organization(organizationId);
  if (organization === null) throw unauthenticated();
  const { id, name, timeZone } = organization;
  return {
    subject,
    role,
    visibility: visibilityOf(principal),
    permissions,
    organization: { id, name, timeZone },
    customer:
      customerId === undefined
        ? null
        : { id: customerId, name: await customerName({ caller, parts }, customerId) },
    expiresAt,
  };
}

async function customerName(
  { caller, parts }: Pick<EndpointCall, 'caller' | 'parts'>,
  customerId: string,
): Promise<string> {
  // Members may read nothing, the name of their own account included.
  if (!hasPermission(caller.principal, 'analytics.view')) return customerId;
  const asker = await parts.door.enter(caller.principal);
  return (await asker.names('customer', [customerId])).get(customerId) ?? customerId;
}
