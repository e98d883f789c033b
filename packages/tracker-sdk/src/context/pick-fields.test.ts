import { expect, test } from 'vitest';
import { pickFields } from './pick-fields.ts';

test('only the named fields are taken', () => {
  const given = { known: 1, other: 'canary', absent: undefined };
  expect(pickFields(given, 'known absent')).toStrictEqual({ known: 1, absent: undefined });
});

test('a field that only looks named is not taken', () => {
  expect(pickFields({ 'known other': 'canary', known: 1 } as { known: number }, 'known other')).toEqual({
    known: 1,
    other: undefined,
  });
});
