import { describe, expect, it } from 'vitest';
import { canonicalJson } from './canonical-json.ts';

describe('canonicalJson', () => {
  it('writes equal content as equal text, whatever the order of its keys', () => {
    const one = { b: [{ y: 1, x: 2 }], a: 'é' };
    const two = { a: 'é', b: [{ x: 2, y: 1 }] };
    expect(canonicalJson(one)).toBe(canonicalJson(two));
  });

  it('takes absent, undefined and null for the same', () => {
    expect(canonicalJson({ a: null, b: undefined, c: 0 })).toBe('{"c":0}');
  });

  it('holds nothing that the database could not read', () => {
    expect(canonicalJson({ name: 'half \ud800, nul \u0000' })).toBe('{"name":"half \ufffd, nul \ufffd"}');
  });

  it('keeps the order of lists', () => {
    expect(canonicalJson([2, 1])).not.toBe(canonicalJson([1, 2]));
  });
});
