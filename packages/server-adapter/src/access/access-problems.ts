import { problemError, type ProblemError } from '../http/problem-error.ts';

/** Nobody is asking that we know of. */
export function unauthenticated(detail?: string): ProblemError {
  return problemError({
    status: 401,
    code: 'unauthenticated',
    title: 'Not signed in',
    detail:
      detail ??
      'The request carries no valid credentials. Sign in to the host application, or send a key or embed token as "Authorization: Bearer".',
    headers: { 'www-authenticate': 'Bearer realm="tallykit"' },
  });
}

/** The token or session was valid once. */
export function expired(): ProblemError {
  return problemError({
    status: 401,
    code: 'token_expired',
    title: 'Token expired',
    detail: 'The token is past its expiry. Ask the backend of the host application for a new one.',
    headers: { 'www-authenticate': 'Bearer realm="tallykit", error="invalid_token"' },
  });
}

/** The role can never do this, whatever the host grants. */
export function roleDenied(): ProblemError {
  return problemError({
    status: 403,
    code: 'role_denied',
    title: 'Not for this role',
    detail: 'Members of a customer account cannot see or change analytics. Ask an admin of the account.',
  });
}

/** The principal lacks a permission. */
export function permissionMissing(permission: string): ProblemError {
  return problemError({
    status: 403,
    code: 'permission_missing',
    title: 'Permission missing',
    detail: `This needs the permission "${permission}", which the credentials do not carry. Ask whoever administers the host application.`,
  });
}

/** Says the same for customers that exist and for those that do not, so that ids cannot be probed. */
export function customerNotAllowed(): ProblemError {
  return problemError({
    status: 403,
    code: 'customer_not_allowed',
    title: 'Customer not allowed',
    detail:
      'The credentials are for another customer account. Leave the customer out to get your own figures.',
  });
}

/** Whole-organization figures and actions. */
export function operatorOnly(): ProblemError {
  return problemError({
    status: 403,
    code: 'operator_only',
    title: 'Operators only',
    detail: 'This concerns the whole organization and is for its operators only.',
  });
}
