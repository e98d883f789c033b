import { describe, expect, it } from 'vitest';
import { arrayLiteral } from './array-literal.ts';

describe('arrayLiteral', () => {
  it('leaves plain words bare and quotes everything that could read otherwise', () => {
    expect(arrayLiteral(['a-b_c.d', 1.5, -2, true, null, undefined])).toBe(
      '{a-b_c.d,1.5,-2,"true",NULL,NULL}',
    );
    expect(arrayLiteral(['', 'a b', 'a,b', '{}', 'é'])).toBe('{"","a b","a,b","{}","é"}');
  });

  it('escapes quotes and backslashes', () => {
    expect(arrayLiteral(['say "hi"', 'c:\\x'])).toBe('{"say \\"hi\\"","c:\\\\x"}');
  });

  it('tells the word NULL from no value', () => {
    expect(arrayLiteral(['NULL', 'null', 'Null', null])).toBe('{"NULL","null","Null",NULL}');
  });

  it('writes an empty list', () => {
    expect(arrayLiteral([])).toBe('{}');
  });
});
