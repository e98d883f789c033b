import type { CallEnd, KnownFacts } from '../../observe/call-recorder.ts';
import { classifyError, failedEnd } from '../../observe/classify-error.ts';
import { headersOf } from '../../observe/read-headers.ts';
import { type Answer, fieldsOf, listOf, textOf } from '../../observe/read-value.ts';
import type { RawCounts } from '../../observe/usage-reading.ts';
import { mergeCounts, usageOf } from './read-usage.ts';

/** Takes identity from a message, the start of one, or a legacy completion. */
export function readIdentity(facts: KnownFacts, { id, model }: Answer): void {
  facts.responseId = textOf(id) ?? facts.responseId;
  facts.responseModel = textOf(model) ?? facts.responseModel;
}

/** Takes what a report of usage says, on top of what earlier ones said, and how and where the call was served. */
export function readReport(facts: KnownFacts, raw: RawCounts, reported: unknown): void {
  const { service_tier: tier, speed, inference_geo: geo } = fieldsOf(reported);
  // Fast inference has a price of its own, so it is a tier of its own.
  facts.serviceTier = (speed === 'standard' ? undefined : textOf(speed)) ?? textOf(tier) ?? facts.serviceTier;
  if (tier === 'batch') facts.batch = true;
  if (geo !== 'not_available') facts.region = textOf(geo) ?? facts.region;
  mergeCounts(raw, reported);
  const usage = usageOf(raw);
  if (usage) Object.assign(facts, { usage, rawUsage: { ...raw } });
}

/** Takes everything from a whole message. */
export function readMessage(facts: KnownFacts, message: Answer): void {
  readIdentity(facts, message);
  readReport(facts, {}, message['usage']);
}

/** Calls of other models that the provider made within this one; its totals do not have them. */
export function advisorCalls(reported: unknown): { requestModel: string; report: Answer }[] {
  const { iterations } = fieldsOf(reported);
  return listOf(iterations)
    .filter(({ type }) => type === 'advisor_message')
    .map((report) => ({ requestModel: textOf(report['model']) ?? 'unknown', report }));
}

/** Kinds of errors that the provider names. A closed list: what is sent may hold anything. */
const errorTypes =
  /^(overloaded|rate_limit|api|timeout|invalid_request|authentication|permission|not_found|billing)_error$/;

/** How a call ended of which the provider said `{ type: 'error', error: { type } }`, in a stream or a batch. */
export function reportedEnd(body: unknown): CallEnd {
  const { error } = fieldsOf(body);
  const type = fieldsOf(error ?? body)['type'];
  return failedEnd('', errorTypes.exec(String(type))?.[0] ?? 'server_error');
}

/** How a failed call ended. An error without a status but with a body came in the middle of a stream. */
export function endOfError(error: unknown, aborted: boolean): CallEnd {
  const end = classifyError(error, aborted);
  const { error: body, status } = fieldsOf(error);
  return end.status === 'error' && !status && body ? reportedEnd(body) : end;
}

/** What the headers of an answer tell of who asked, and which answer it is. */
export function providerIdsOf(headers: unknown): KnownFacts['providerIds'] {
  const header = headersOf(headers);
  const requestId = header('request-id', 'x-amzn-requestid');
  const projectId = header('anthropic-workspace-id');
  return requestId || projectId ? { requestId, projectId } : undefined;
}
