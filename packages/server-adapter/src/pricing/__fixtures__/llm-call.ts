import type { LlmCallEvent } from '@tallykit/protocol';
import { uuidV7 } from '../../primitives/uuid-v7.ts';

/** The time at which the calls of these tests begin, unless they say otherwise. */
export const callTime = Date.parse('2026-11-20T10:00:00Z');

/** A finished call of OpenAI's gpt-4o-mini without usage; `at` (Unix milliseconds) becomes the time of its id. */
export function llmCall({
  at = callTime,
  ...own
}: Partial<LlmCallEvent> & { at?: number } = {}): LlmCallEvent {
  return {
    kind: 'llm_call',
    id: uuidV7(at),
    traceId: '0af7651916cd43dd8448eb211c80319c',
    callId: 'call-1',
    attempt: 1,
    final: true,
    provider: 'openai',
    requestModel: 'gpt-4o-mini',
    operation: 'chat',
    status: 'ok',
    complete: true,
    durationMs: 800,
    ...own,
  };
}
