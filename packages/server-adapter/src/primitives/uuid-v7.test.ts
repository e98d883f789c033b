import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { derivedUuidV7, smallestUuidV7, timeOfUuidV7, uuidV7 } from './uuid-v7.ts';

const shape = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const instant = fc.nat(2 ** 48 - 2);

describe('UUIDv7', () => {
  it('carries its own milliseconds and sorts by them', () => {
    fc.assert(
      fc.property(instant, instant, (a, b) => {
        const [first, second] = [uuidV7(a), uuidV7(b)];
        expect(first).toMatch(shape);
        expect(timeOfUuidV7(first)).toBe(a);
        if (a !== b) expect(first < second).toBe(a < b);
      }),
    );
  });

  it('lies between the smallest ids of its millisecond and the next', () => {
    fc.assert(
      fc.property(instant, (ms) => {
        const full = uuidV7(ms, (bytes) => void bytes.fill(255));
        const empty = uuidV7(ms, (bytes) => void bytes.fill(0));
        expect(smallestUuidV7(ms)).toBe(empty);
        expect(full < smallestUuidV7(ms + 1)).toBe(true);
        expect(smallestUuidV7(ms)).toMatch(shape);
      }),
    );
  });

  it('is different each time', () => {
    expect(new Set(Array.from({ length: 1000 }, () => uuidV7(1_700_000_000_000))).size).toBe(1000);
  });

  it.each([-1, 1.5, Number.NaN, 2 ** 48])('refuses the time %s', (ms) => {
    expect(() => uuidV7(ms)).toThrow(RangeError);
    expect(() => smallestUuidV7(ms)).toThrow(RangeError);
  });
});

describe('a derived id', () => {
  const parts = { ms: 1_700_000_000_000, organizationId: 'acme', source: 'otlp', sourceId: 'a:b' };

  it('is the same for the same parts and carries the time of the source', () => {
    expect(derivedUuidV7(parts)).toBe(derivedUuidV7({ ...parts }));
    expect(derivedUuidV7(parts)).toMatch(shape);
    expect(timeOfUuidV7(derivedUuidV7(parts))).toBe(parts.ms);
  });

  it('differs when any part differs, also where the parts run together to the same text', () => {
    const ids = [
      parts,
      { ...parts, ms: parts.ms + 1 },
      { ...parts, organizationId: 'acmeo', source: 'tlp' },
      { ...parts, sourceId: 'a:c' },
      { ...parts, source: 'otlpa', sourceId: ':b' },
    ].map(derivedUuidV7);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
