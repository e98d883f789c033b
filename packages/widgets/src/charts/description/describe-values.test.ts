import { describe, expect, it } from 'vitest';
import { describeValues } from './describe-values.ts';

describe('describeValues', () => {
  it('compares closed buckets only', () => {
    expect(describeValues([3, 9, 1, 100], 3)).toEqual({ highest: 1, lowest: 2, gaps: 0 });
  });

  it('counts gaps and never takes one for the lowest value', () => {
    expect(describeValues([3, null, 5], 3)).toEqual({ highest: 2, lowest: 0, gaps: 1 });
  });

  it('says nothing where nothing is known', () => {
    expect(describeValues([null, null], 2)).toBeNull();
    expect(describeValues([4], 0)).toBeNull();
  });
});
