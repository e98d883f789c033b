import { expect, test } from 'vitest';
import { headersOf } from './read-headers.ts';

test.each([
  ['of the platform', new Headers({ 'X-Second': 'two' })],
  ['in a plain object', { 'x-second': 'two' }],
])('headers %s are read by name, the first that is there', (_, headers) => {
  expect(headersOf(headers)('x-first', 'x-second')).toBe('two');
  expect(headersOf(headers)('x-third')).toBeUndefined();
});

test('text beyond what the wire has room for is no header', () => {
  expect(headersOf({ long: 'a'.repeat(201), list: ['a'] })('long', 'list')).toBeUndefined();
});

test.each([null, undefined, 'text', 7, { get: 'text' }])('%s has no headers', (headers) => {
  expect(headersOf(headers)('x-first')).toBeUndefined();
});
