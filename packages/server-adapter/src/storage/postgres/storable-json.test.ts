import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromStorableJson, toStorableJson } from './storable-json.ts';

describe('storable JSON', () => {
  it('comes back as it was, whatever its texts hold', () => {
    const nasty = fc.string({
      unit: fc.constantFrom(
        '\u0000',
        '\\',
        '"',
        'u0000',
        'ud800',
        '\ud800',
        '\udc00',
        '\uffff',
        'ffff',
        '0000',
        'é',
        '🧾',
        '\n',
        '\u001f',
      ),
    });
    fc.assert(
      fc.property(fc.dictionary(nasty, fc.oneof(nasty, fc.integer(), fc.boolean())), (value) => {
        expect(fromStorableJson(toStorableJson(value))).toEqual(value);
      }),
      { numRuns: 500, seed: 7 },
    );
  });

  it('holds no NUL and no half of a surrogate pair', () => {
    const text = toStorableJson({ a: 'x\u0000y', b: '\ud800', c: '\\u0000' });
    expect(text).not.toMatch(/(^|[^\\])(\\\\)*\\u(0000|d8)/);
    expect(text).toContain('\\\\u0000');
  });

  it('is plain JSON where nothing is special', () => {
    expect(toStorableJson({ a: 'é', b: [1] })).toBe('{"a":"é","b":[1]}');
  });
});
