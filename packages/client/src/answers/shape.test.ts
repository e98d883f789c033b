import { describe, expect, test } from 'vitest';
import { deviationOf, type Shape } from './shape.ts';

const where = (shape: Shape, value: unknown): string | undefined => deviationOf(shape, value)?.path.join('/');

test('an answer that fits deviates nowhere', () => {
  const shape: Shape = {
    rows: ['list', { at: 'instant', cost: ['nullable', 'decimal'] }],
    'name?': 'string',
  };
  expect(deviationOf(shape, { rows: [{ at: '2026-11-20T10:42:00.000Z', cost: '-1.5' }] })).toBeNull();
  expect(deviationOf(shape, { rows: [{ at: '2026-11-20T10:42:00Z', cost: null }], name: 'a' })).toBeNull();
});

test('fields that the shape does not know are let through', () => {
  expect(deviationOf({ calls: 'count' }, { calls: 1, learnedLater: { deep: true } })).toBeNull();
});

test('the first deviation in the order of the shape is told, with the way to it', () => {
  expect(where({ a: 'string', b: ['list', { c: 'count' }] }, { b: [{ c: 1 }, { c: -1 }], a: 'x' })).toBe(
    'b/1/c',
  );
  expect(deviationOf({ a: 'string', b: 'string' }, {})).toEqual({
    path: ['a'],
    expected: 'string',
    wanted: 'string',
  });
});

test.each([undefined, null, 'text', 7, true, []])('%o is no object', (value) => {
  expect(deviationOf({}, value)).toMatchObject({ path: [], expected: 'object' });
  expect(deviationOf(['by', 'unit', { tokens: {} }], value)).toMatchObject({ path: [], expected: 'object' });
});

describe('what has a form', () => {
  test.each([
    ['instant', '2026-02-30T00:00:00Z'],
    ['instant', '2026-11-20'],
    ['day', '2026-02-30'],
    ['decimal', '1e3'],
    ['currency', 'usd'],
    ['count', -1],
  ] as const)('a %s is not %s', (shape, value) => {
    expect(deviationOf(shape, value)).toMatchObject({ expected: null, wanted: shape });
  });

  test.each([1.5, 2 ** 53, Number.NaN, '1'])('a count is not %s', (value) => {
    expect(deviationOf('count', value)).toMatchObject({ expected: 'int' });
  });
});

test('an object is told by one of its fields, and a name that objects inherit is none', () => {
  const shape: Shape = ['by', 'unit', { money: { amount: 'decimal' }, tokens: { amount: 'int' } }];
  expect(deviationOf(shape, { unit: 'tokens', amount: 7 })).toBeNull();
  expect(where(shape, { unit: 'money', amount: 7 })).toBe('amount');
  expect(where(shape, { unit: 'constructor', amount: 7 })).toBe('unit');
});

test('of a list of words one must come, and of several types one', () => {
  expect(deviationOf(['oneOf', 'ok', 'error'], 'gone')?.wanted).toBe('one of ok, error');
  expect(deviationOf(['anyOf', 'string', 'null'], 7)?.expected).toBeNull();
  expect(deviationOf(['anyOf', 'string', 'null'], null)).toBeNull();
});
