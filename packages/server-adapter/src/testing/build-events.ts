import { createHash } from 'node:crypto';
import type { LlmCallEvent, UsageEvent } from '@tallykit/protocol';
import { timeOfUuidV7, uuidV7 } from '../primitives/uuid-v7.ts';
import type { AppendEvent, CostDraft } from '../storage/contract/append.ts';

/** A call of 2026-11-20T10:00:00Z that went well, with what a test says otherwise. */
export function buildCall(changes: Partial<LlmCallEvent> & { readonly at?: number } = {}): LlmCallEvent {
  const { at = Date.UTC(2026, 10, 20, 10), ...fields } = changes;
  const id = fields.id ?? uuidV7(at);
  return {
    kind: 'llm_call',
    id,
    traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
    callId: `call ${id}`,
    attempt: 1,
    final: true,
    provider: 'openai',
    requestModel: 'gpt-4o-mini',
    operation: 'chat',
    status: 'ok',
    complete: true,
    durationMs: 250,
    usage: { input: 100, output: 20 },
    ...fields,
  };
}

/** A cost in dollars. */
export function pricedAt(amount: string, changes: Partial<CostDraft> = {}): CostDraft {
  return {
    kind: 'priced',
    reason: null,
    currency: 'USD',
    list: amount,
    effective: amount,
    charge: amount,
    listPriceId: 'price-1',
    effectivePriceId: 'price-1',
    lines: [{ bucket: 'input', quantity: 100, rate: amount, per: 100, amount }],
    ...changes,
  };
}

/** No cost yet, for a reason. */
export function pendingFor(reason: string): CostDraft {
  return {
    kind: 'pending',
    reason,
    currency: null,
    list: null,
    effective: null,
    charge: null,
    listPriceId: null,
    effectivePriceId: null,
    lines: [],
  };
}

/** A stand-in for the hash that ingestion makes of a body. */
export function hashOf(event: UsageEvent): string {
  return createHash('sha256').update(JSON.stringify(event)).digest('hex');
}

/** An event as ingestion hands it to a store: received five seconds after it began. */
export function buildItem(event: UsageEvent, changes: Partial<AppendEvent> = {}): AppendEvent {
  const occurredAt = timeOfUuidV7(event.id);
  return {
    event,
    hash: hashOf(event),
    occurredAt,
    receivedAt: occurredAt + 5000,
    clockAhead: false,
    keyId: null,
    cost: event.kind === 'llm_call' ? pricedAt('0.25') : null,
    ...changes,
  };
}
