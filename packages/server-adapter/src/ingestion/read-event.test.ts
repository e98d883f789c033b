import type { LlmCallEvent } from '@tallykit/protocol';
import { describe, expect, it } from 'vitest';
import { llmCall } from '../pricing/__fixtures__/llm-call.ts';
import { readEvent } from './read-event.ts';

const usage = { input: 900, output: 120 };

describe('a bad event', () => {
  const cases: readonly [string, (event: LlmCallEvent) => unknown, string, string][] = [
    ['with an unknown key', (event) => ({ ...event, prompt: 'secret text' }), 'unknown_key', '/prompt'],
    [
      'with an unknown key inside',
      (event) => ({ ...event, usage: { ...usage, video: 1 } }),
      'unknown_key',
      '/usage/video',
    ],
    [
      'with a key that JSON pointers escape',
      (event) => ({ ...event, 'a/b~c': 1 }),
      'unknown_key',
      '/a~1b~0c',
    ],
    ['of an unknown kind', (event) => ({ ...event, kind: 'prompt' }), 'unknown_kind', '/kind'],
    ['without a kind', ({ kind: _kind, ...event }) => event, 'unknown_kind', '/kind'],
    [
      'of a kind that objects have by themselves',
      (event) => ({ ...event, kind: 'constructor' }),
      'unknown_kind',
      '/kind',
    ],
    [
      'with negative tokens',
      (event) => ({ ...event, usage: { input: -1 } }),
      'invalid_event',
      '/usage/input',
    ],
    ['with half a token', (event) => ({ ...event, usage: { input: 0.5 } }), 'invalid_event', '/usage/input'],
    [
      'with more tokens than a number holds',
      (event) => ({ ...event, usage: { input: 2 ** 53 } }),
      'invalid_event',
      '/usage/input',
    ],
    [
      'with tokens as text',
      (event) => ({ ...event, usage: { input: '5' } }),
      'invalid_event',
      '/usage/input',
    ],
    ['with a negative duration', (event) => ({ ...event, durationMs: -5 }), 'invalid_event', '/durationMs'],
    [
      'with an infinite duration',
      (event) => ({ ...event, durationMs: Infinity }),
      'invalid_event',
      '/durationMs',
    ],
    [
      'with a float as money',
      (event) => ({ ...event, statedCost: { amount: 0.1, currency: 'USD' } }),
      'invalid_event',
      '/statedCost/amount',
    ],
    [
      'with an id of another version',
      (event) => ({ ...event, id: '0198f1a0-0000-4000-8000-000000000000' }),
      'invalid_event',
      '/id',
    ],
    ['without an id', ({ id: _id, ...event }) => event, 'invalid_event', '/id'],
    ['with a null', (event) => ({ ...event, customerId: null }), 'invalid_event', '/customerId'],
    ['with an empty name', (event) => ({ ...event, flow: '' }), 'invalid_event', '/flow'],
    [
      'with too many tags',
      (event) => ({
        ...event,
        tags: Object.fromEntries(Array.from({ length: 17 }, (_, i) => [`k${i}`, 'v'])),
      }),
      'invalid_event',
      '/tags',
    ],
    [
      'with the key __proto__',
      (event) => JSON.parse(`{"__proto__":{"polluted":true},${JSON.stringify(event).slice(1)}`),
      'unknown_key',
      '/__proto__',
    ],
    [
      'with the key constructor',
      (event) => ({ ...event, constructor: { prototype: {} } }),
      'unknown_key',
      '/constructor',
    ],
    [
      'longer than an event can be',
      (event) => ({ ...event, prompt: 'x'.repeat(70_000) }),
      'event_too_large',
      '',
    ],
    [
      'nested deeper than can be written',
      (event) => ({ ...event, flow: JSON.parse('['.repeat(100_000) + ']'.repeat(100_000)) as unknown }),
      'event_too_large',
      '',
    ],
    ['that is null', () => null, 'invalid_event', ''],
    ['that is a list', () => [], 'invalid_event', ''],
    ['that is text', () => 'call', 'invalid_event', ''],
  ];

  it.each(cases)('%s is refused by name', (_what, spoil, code, pointer) => {
    const { event, problems } = readEvent(spoil(llmCall({ usage })), 3);
    expect(event).toBeNull();
    expect(problems).toMatchObject([{ index: 3, outcome: 'rejected', code, pointer }]);
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
  });

  it('names each of its unknown keys, so that all can be left out at once', () => {
    const event = llmCall();
    const { problems } = readEvent({ ...event, prompt: 'a', answer: 'b' }, 0);
    expect(problems?.map(({ id, pointer }) => [id, pointer])).toEqual([
      [event.id, '/prompt'],
      [event.id, '/answer'],
    ]);
  });

  it('lists no more problems than are of use', () => {
    const keys = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`key${index}`, 1]));
    expect(readEvent({ ...llmCall(), ...keys }, 0).problems).toHaveLength(20);
  });

  it('never has its values repeated', () => {
    const { problems } = readEvent({ ...llmCall(), provider: 5, prompt: 'secret', flow: '\nsecret' }, 0);
    expect(JSON.stringify(problems)).not.toContain('secret');
  });
});

describe('a good event', () => {
  it('is read as it is, without what is undefined', () => {
    const event = llmCall({ usage, tags: { a: 'b' }, flow: undefined });
    expect(readEvent(event, 0).event).toEqual(event);
  });

  it('does not share its parts with the request that it came in', () => {
    const raw = { ...llmCall(), usage: { ...usage }, tags: { a: 'b' } };
    const { event } = readEvent(raw, 0);
    raw.usage.input = 0;
    raw.tags.a = 'c';
    expect(event).toMatchObject({ usage, tags: { a: 'b' } });
  });
});
