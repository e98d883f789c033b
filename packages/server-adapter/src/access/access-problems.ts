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

/** An ingest key, which lies in applications and may leak, used for anything but sending events and checking budgets. */
export function ingestKeyOnly(): ProblemError {
  return problemError({
    status: 403,
    code: 'ingest_key_only',
    title: 'Key for events only',
    detail:
      'An ingest key can send events and check budgets, and nothing else. Use a server key, in the backend only.',
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

/** One answer for every way in which a token can be wrong, so that nobody learns which. */
export function invalidEmbedToken(): ProblemError {
  return unauthenticated(
    'The embed token is not valid here: it is forged, damaged, revoked or for another installation. Ask the backend of the host application for a new one.',
  );
}

/** Unknown, revoked and foreign keys are told alike. */
export function invalidKey(): ProblemError {
  return unauthenticated(
    'The API key is unknown or revoked. Make one with "tallykit keys create" and send it as "Authorization: Bearer".',
  );
}

/** An embed token used from a page that it was not made for. */
export function originNotAllowed(): ProblemError {
  return problemError({
    status: 403,
    code: 'origin_not_allowed',
    title: 'Origin not allowed',
    detail:
      'The embed token may not be used by pages of this origin. Name the exact origin when the token is minted, and in the option "embed.origins" of the server.',
  });
}

/** An embed token that serves some widgets only. */
export function widgetNotAllowed(): ProblemError {
  return problemError({
    status: 403,
    code: 'widget_not_allowed',
    title: 'Widget not allowed',
    detail:
      'The embed token serves other widgets only. Name this one under "widgets" when the token is minted, or leave "widgets" out for all.',
  });
}

/** A write that some other page may have caused in the browser of somebody signed in. */
export function crossSiteWrite(missing: string): ProblemError {
  return problemError({
    status: 403,
    code: 'cross_site_write',
    title: 'Cross-site write refused',
    detail: `A write on behalf of a signed-in browser must come from the same site as JSON with the header x-tallykit-client, so that no other page can cause it. ${missing}`,
  });
}
