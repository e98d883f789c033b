import { randomBytes } from 'node:crypto';
import type { LlmCallEvent, SignalEvent } from '@tallykit/protocol';

/** Anything a test may send: an event, or what a faulty sender takes for one. */
export type Sent = Readonly<Record<string, unknown>>;

/** A UUIDv7 that begins at this instant. */
export function idAt(at: string | number): string {
  const ms = typeof at === 'number' ? at : Date.parse(at);
  const time = ms.toString(16).padStart(12, '0');
  const random = randomBytes(10).toString('hex');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${random.slice(0, 3)}-8${random.slice(3, 6)}-${random.slice(6, 18)}`;
}

/** An id of a trace that no other test has. */
export function newTraceId(): string {
  return randomBytes(16).toString('hex');
}

/** A call of `gpt-4o-mini` that went well and cost 0.000027 USD by the catalogue, with what a test says otherwise. */
export function callAt(at: string | number, changes: Partial<LlmCallEvent> = {}): LlmCallEvent & Sent {
  const id = changes.id ?? idAt(at);
  return {
    kind: 'llm_call',
    id,
    traceId: newTraceId(),
    callId: `call-${id}`,
    attempt: 1,
    final: true,
    provider: 'openai',
    requestModel: 'gpt-4o-mini',
    operation: 'chat',
    status: 'ok',
    complete: true,
    durationMs: 250,
    usage: { input: 100, output: 20 },
    ...changes,
  };
}

/** A business event. */
export function signalAt(at: string | number, changes: Partial<SignalEvent> = {}): SignalEvent & Sent {
  return { kind: 'signal', id: idAt(at), traceId: newTraceId(), name: 'ticket_resolved', ...changes };
}
