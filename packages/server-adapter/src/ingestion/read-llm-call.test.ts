import fc from 'fast-check';
import { llmCallEventSchema, usageBuckets } from '@tallykit/protocol';
import { describe, expect, it } from 'vitest';
import { llmCall } from '../pricing/__fixtures__/llm-call.ts';
import { readLlmCall } from './read-llm-call.ts';

const full = {
  ...llmCall(),
  spanId: 'b7ad6b7169203331',
  parentSpanId: 'b7ad6b7169203332',
  customerId: 'cus',
  userId: 'u',
  productId: 'p',
  flow: 'f',
  configuration: 'v1',
  conversationId: 'c',
  messageId: 'm',
  channel: 'web',
  workspaceId: 'w',
  environment: 'production',
  tags: { a: 'b', c: '' },
  responseModel: 'gpt',
  responseId: 'r',
  errorClass: 'E',
  httpStatus: 200,
  firstChunkMs: 1,
  usage: Object.fromEntries(usageBuckets.map((bucket) => [bucket, 1])),
  rawUsage: { prompt_tokens: 1 },
  serviceTier: 'default',
  batch: false,
  region: 'eu',
};

const odd = fc.oneof(
  fc.constantFrom(
    null,
    undefined,
    '',
    0,
    -1,
    0.5,
    -0,
    1e16,
    Number.NaN,
    Infinity,
    true,
    [],
    {},
    [1],
    new Date(0),
  ),
  fc.constantFrom(
    'x'.repeat(200),
    'x'.repeat(201),
    'a\u0000b',
    'a\u007fb',
    '\ud800',
    'OK',
    'ok',
    '0'.repeat(32),
  ),
  fc.string({ maxLength: 300 }),
  fc.integer(),
  fc.dictionary(
    fc.oneof(
      fc.constantFrom('input', 'output', '__proto__', 'constructor', ''),
      fc.string({ maxLength: 70 }),
    ),
    fc.oneof(fc.string({ maxLength: 260 }), fc.integer(), fc.constant(undefined)),
    {
      maxKeys: 18,
    },
  ),
);

describe('the quick reader of calls', () => {
  it('takes an ordinary call with everything that it may hold', () => {
    expect(readLlmCall(full)).toEqual(full);
    const least = llmCall();
    expect(readLlmCall(least)).toEqual(llmCallEventSchema.parse(least));
  });

  it('accepts nothing that the schema refuses, and reads the same', () => {
    const key = fc.oneof(
      fc.constantFrom(...Object.keys(llmCallEventSchema.shape)),
      fc.string({ maxLength: 20 }),
    );
    fc.assert(
      fc.property(
        fc.array(fc.tuple(key, odd), { maxLength: 3 }),
        fc.subarray(Object.keys(full)),
        (changes, kept) => {
          const base = Object.entries(full).filter(([name]) => kept.length < 8 || kept.includes(name));
          const raw: unknown = Object.fromEntries([...base, ...changes]);
          const quick = readLlmCall(raw as object);
          if (quick === null) return;
          const slow = llmCallEventSchema.safeParse(raw);
          expect(slow.success).toBe(true);
          expect(quick).toEqual(slow.data);
        },
      ),
      { numRuns: 3000 },
    );
  });

  it('leaves to the schema what it does not know', () => {
    for (const raw of [
      { ...full, prompt: 'x' },
      { ...full, flow: undefined },
      { ...full, statedCost: { amount: '1', currency: 'USD' } },
      JSON.parse(`{"__proto__":{},${JSON.stringify(full).slice(1)}`),
      Object.assign(Object.create({ flow: 'inherited' }), full),
      new (class Call {
        kind = 'llm_call';
      })(),
    ]) {
      expect(readLlmCall(raw)).toBeNull();
    }
  });

  it('takes over nothing by reference', () => {
    const raw = { ...full, usage: { input: 1 }, tags: { a: 'b' } };
    const event = readLlmCall(raw);
    raw.usage.input = 2;
    raw.tags.a = 'c';
    expect(event).toMatchObject({ usage: { input: 1 }, tags: { a: 'b' } });
  });
});
