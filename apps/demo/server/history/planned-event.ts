import { createHash } from 'node:crypto';
import type { LlmCallEvent } from '@tallykit/protocol';
import type { PlannedCall } from './plan-day.ts';

/** A UUIDv7 whose random part is derived, so that filling the same history twice counts nothing twice. */
function eventId(startedAt: number, source: string): string {
  const time = startedAt.toString(16).padStart(12, '0');
  const hash = createHash('sha256').update(source).digest('hex');
  const variant = (8 + (Number.parseInt(hash[3] ?? '0', 16) % 4)).toString(16);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hash.slice(0, 3)}-${variant}${hash.slice(4, 7)}-${hash.slice(7, 19)}`;
}

/** The event that the tracker would have sent for a planned call. */
export function plannedEvent(call: PlannedCall, index: number): LlmCallEvent {
  const source = `${call.startedAt} ${index} ${call.conversationId}`;
  const trace = createHash('sha256').update(`trace ${source}`).digest('hex').slice(0, 32);
  const id = eventId(call.startedAt, source);
  return {
    kind: 'llm_call',
    id,
    traceId: trace,
    callId: id,
    attempt: 1,
    final: true,
    ...(call.customer ? { customerId: call.customer.id, userId: call.userId } : {}),
    productId: call.flow.productId,
    flow: call.flow.id,
    configuration: call.configuration,
    conversationId: call.conversationId,
    environment: 'production',
    provider: call.flow.provider,
    requestModel: call.flow.model,
    operation: 'chat',
    responseId: `hist_${trace.slice(0, 20)}`,
    status: call.aborted ? 'aborted' : 'ok',
    complete: !call.aborted,
    durationMs: call.durationMs,
    ...(call.aborted ? {} : { usage: { input: call.input, cacheRead: call.cached, output: call.output } }),
  };
}
