import fc from 'fast-check';
import { expect, test } from 'vitest';
import { idFromKey } from './id-from-key.ts';
import { orderedIds, uuidV7 } from './identifiers.ts';

const uuidV7Pattern = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

test('an id is a UUIDv7 that carries the time it was made for', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 47 }), (milliseconds) => {
      const id = uuidV7(milliseconds, crypto.randomUUID());
      expect(id).toMatch(uuidV7Pattern);
      expect(Number.parseInt(id.replace(/-/g, '').slice(0, 12), 16)).toBe(milliseconds);
    }),
  );
});

test('ids differ within one millisecond', () => {
  expect(new Set(Array.from({ length: 20_000 }, () => uuidV7(1, crypto.randomUUID()))).size).toBe(20_000);
});

test('ids sort in the order in which they were made, also within one millisecond', () => {
  const newId = orderedIds(() => crypto.randomUUID());
  const ids = [1000, 1000, 1000, 1001, 1001, 1002].map(newId);
  expect(ids.toSorted()).toEqual(ids);
  expect(ids.every((id) => uuidV7Pattern.test(id))).toBe(true);
});

test('ids made in one millisecond stay different when its places are used up', () => {
  const newId = orderedIds(() => crypto.randomUUID());
  expect(new Set(Array.from({ length: 20_000 }, () => newId(1))).size).toBe(20_000);
});

test('a key gives the same id every time, and another key another', () => {
  const ids = new Set<string>();
  for (let index = 0; index < 20_000; index++) ids.add(idFromKey(`order-${index}`, 1000));
  expect(ids.size).toBe(20_000);
  expect(idFromKey('order-7', 1000)).toBe(idFromKey('order-7', 1000));
  expect(idFromKey('a', 1)).toMatch(uuidV7Pattern);
  expect(idFromKey('a', 1)).not.toBe(idFromKey('b', 1));
});

test('the three parts of an id from a key do not collide together', () => {
  for (const part of [slice(0, 8), slice(8, 16)]) {
    const parts = new Set(Array.from({ length: 20_000 }, (_, index) => part(idFromKey(`order-${index}`, 0))));
    expect(parts.size).toBeGreaterThan(19_900);
  }
});

function slice(from: number, to: number) {
  return (id: string): string => id.replace(/-/g, '').slice(12).slice(from, to);
}
