import type { IngestAnswer } from '@tallykit/protocol';
import type { EndpointCall } from './route.ts';

/** Hands a request's events to ingestion, with the source that the credentials tell; the body cannot say it. */
export function ingestEvents({ caller, body, parts }: EndpointCall): Promise<IngestAnswer> {
  const { principal, keyId } = caller;
  const { organizationId, customerId = null } = principal;
  return parts.ingestion.ingest({ organizationId, keyId, customerId }, body);
}
