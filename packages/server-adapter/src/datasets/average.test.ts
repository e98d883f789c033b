import { describe, expect, it } from 'vitest';
import { average } from './average.ts';

describe('average', () => {
  it('is a decimal string in its shortest form', () => {
    expect(average(300, 2)).toBe('150');
    expect(average(1, 8)).toBe('0.125');
    expect(average(1000, 3)).toBe('333.333333');
  });

  it('rounds ties to the even digit', () => {
    expect(average(1, 2_000_000)).toBe('0');
    expect(average(3, 2_000_000)).toBe('0.000002');
  });

  it('is absent, not zero, where nothing was reported or counted', () => {
    expect(average(null, 3)).toBeNull();
    expect(average(10, 0)).toBeNull();
    expect(average(10, null)).toBeNull();
  });

  it('is exact at the largest counts', () => {
    expect(average(Number.MAX_SAFE_INTEGER, 1)).toBe('9007199254740991');
  });
});
