import type { Problem } from '@tallykit/protocol';
import { parseJson, readBody } from '../http/read-body.ts';
import { eventsOfSpans, type SpanEvents } from '../ingestion/otlp/events-of-spans.ts';
import { ingestTraces } from '../ingestion/otlp/ingest-traces.ts';
import { notOtlp, undecodable } from '../ingestion/otlp/otlp-problems.ts';
import { readJson } from '../ingestion/otlp/read-json.ts';
import { readProtobuf } from '../ingestion/otlp/read-protobuf.ts';
import {
  exportAnswer,
  otlpEncodingOf,
  statusAnswer,
  type OtlpEncoding,
} from '../ingestion/otlp/write-answer.ts';
import type { EndpointCall } from './route.ts';

async function readEvents(
  encoding: OtlpEncoding,
  body: Uint8Array,
  organizationId: string,
): Promise<SpanEvents> {
  const decoded = encoding === 'json' ? parseJson(body) : null;
  try {
    return await eventsOfSpans(encoding === 'json' ? readJson(decoded) : readProtobuf(body), organizationId);
  } catch {
    throw undecodable();
  }
}

/** Hands the calls among exported spans to ingestion, with the source that the credentials tell. */
export async function takeTraces({ request, caller, parts }: EndpointCall): Promise<Response> {
  const encoding = otlpEncodingOf(request.headers.get('content-type'));
  if (encoding === null) throw notOtlp();
  // An export of nothing is an empty body in protobuf, and nothing is wrong with it.
  const body = await readBody(request, { limit: parts.bodyLimit, mayBeEmpty: encoding === 'protobuf' });
  const { principal, keyId } = caller;
  const { organizationId, customerId = null } = principal;
  const events = await readEvents(encoding, body, organizationId);
  const source = { organizationId, keyId, customerId };
  const partial = await ingestTraces(events, {
    ingest: parts.ingestion.ingest,
    source,
    now: parts.clock.now(),
  });
  return exportAnswer(encoding, partial);
}

/** Tells a refusal in the form that exporters read; status and headers stay, so that they know whether to try again. */
export async function refuseTraces(problem: Response, request: Request): Promise<Response> {
  const { code, detail } = (await problem.json()) as Problem;
  const encoding = otlpEncodingOf(request.headers.get('content-type')) ?? 'json';
  const answer = statusAnswer(encoding, problem.status, `${code}: ${detail}`);
  for (const [name, value] of problem.headers) if (name !== 'content-type') answer.headers.set(name, value);
  return answer;
}
