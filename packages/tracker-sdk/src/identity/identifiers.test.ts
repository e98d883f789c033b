import fc from 'fast-check';
import { expect, test } from 'vitest';
import { idFromKey } from './id-from-key.ts';
import { createIdentifiers, type FillRandom } from './identifiers.ts';

const random: FillRandom = (target) => crypto.getRandomValues(target);
const uuidV7Pattern = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

test('an id is a UUIDv7 that carries the time it was made for', () => {
  const identifiers = createIdentifiers(random);
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 47 }), (milliseconds) => {
      const id = identifiers.uuid(milliseconds);
      expect(id).toMatch(uuidV7Pattern);
      expect(Number.parseInt(id.replace(/-/g, '').slice(0, 12), 16)).toBe(milliseconds);
    }),
  );
});

test('ids differ within one millisecond', () => {
  const identifiers = createIdentifiers(random);
  expect(new Set(Array.from({ length: 20_000 }, () => identifiers.uuid(1))).size).toBe(20_000);
});

test('a trace id is never all zeros', () => {
  const identifiers = createIdentifiers((target) => target.fill(0));
  expect(identifiers.traceId()).toBe(`${'0'.repeat(31)}1`);
});

test('a key gives the same id every time, and another key another', () => {
  const ids = new Set<string>();
  for (let index = 0; index < 20_000; index++) ids.add(idFromKey(`order-${index}`, 1000));
  expect(ids.size).toBe(20_000);
  expect(idFromKey('order-7', 1000)).toBe(idFromKey('order-7', 1000));
  expect(idFromKey('a', 1)).toMatch(uuidV7Pattern);
  expect(idFromKey('a', 1)).not.toBe(idFromKey('b', 1));
});
