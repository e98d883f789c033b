import { llmCallEventSchema, type LlmCallEvent } from '@tallykit/protocol';
import { describe, expect, it } from 'vitest';
import { llmCall } from '../pricing/__fixtures__/llm-call.ts';
import { eventHash } from './event-hash.ts';

const event = llmCall({
  id: '0198f1a0-7c3e-7d55-8a41-3f2b1c0d9e8f',
  usage: { input: 1 },
  tags: { a: '1', b: '2' },
  statedCost: { amount: '0.1', currency: 'USD' },
});

describe('the hash of an event', () => {
  it('does not change from one version to the next', () => {
    expect(eventHash(event)).toMatchInlineSnapshot(
      `"8fc1835ce148da2c6bc9fa7a88afaab3b495490bbaa2822ec97efbbd4676d58f"`,
    );
  });

  it('is blind to the order of keys at every depth and to how a decimal is written', () => {
    const shuffled = {
      ...Object.fromEntries(Object.entries(event).reverse()),
      tags: { b: '2', a: '1' },
      statedCost: { currency: 'USD', amount: '0.100' },
    };
    expect(eventHash(llmCallEventSchema.parse(shuffled))).toBe(eventHash(event));
    expect(eventHash({ ...event, flow: undefined })).toBe(eventHash(event));
  });

  it('sees every other difference', () => {
    const others: readonly LlmCallEvent[] = [
      { ...event, usage: { input: 2 } },
      { ...event, usage: { input: 1, output: 0 } },
      { ...event, tags: { a: '2', b: '1' } },
      { ...event, tags: { ab: '12' } },
      { ...event, statedCost: { amount: '0.1', currency: 'EUR' } },
      { ...event, flow: 'undefined' },
    ];
    expect(new Set([event, ...others].map(eventHash)).size).toBe(others.length + 1);
  });
});
