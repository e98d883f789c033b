import { expect, test } from 'vitest';
import { countOf, fieldsOf, listOf, textOf } from './read-value.ts';

test.each([0, 1, 1e12])('%s is a count', (value) => {
  expect(countOf(value)).toBe(value);
});

// The server refuses the whole event for a count beyond 1e12.
test.each([-1, 0.5, NaN, Infinity, 1e12 + 1, Number.MAX_SAFE_INTEGER, '3', 3n, null, undefined, {}])(
  '%s is no count',
  (value) => {
    expect(countOf(value)).toBeUndefined();
  },
);

test('text is taken as far as the wire has room for it', () => {
  expect(textOf('a'.repeat(200))).toBe('a'.repeat(200));
  expect(textOf('a'.repeat(201))).toBeUndefined();
  expect([textOf(''), textOf(7), textOf(null)]).toEqual([undefined, undefined, undefined]);
});

test.each([null, undefined, 7, 'text', true])('%s has no fields and no items', (value) => {
  expect(fieldsOf(value)).toEqual({});
  expect(listOf(value)).toEqual([]);
});

test('items that are no objects are empty ones', () => {
  expect(listOf([null, 'text', { id: 1 }])).toEqual([{}, {}, { id: 1 }]);
});
