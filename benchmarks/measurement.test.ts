import { describe, expect, test } from 'vitest';
import { median, meetsTarget, percentile, summarize } from './measurement.ts';

describe('figures', () => {
  test('the median of an even number of rounds lies between the middle two', () =>
    expect(median([4, 1, 3, 2])).toBe(2.5));
  test('a percentile is a figure that was measured', () =>
    expect(percentile([10, 20, 30, 40], 0.95)).toBe(40));
  test('a figure keeps its smallest and largest round', () =>
    expect(summarize('x', 'ms', [3, 1, 2])).toEqual({ what: 'x', unit: 'ms', value: 2, spread: [1, 3] }));
  test('a target is met or not, and a figure without one is neither', () => {
    const figure = { what: 'x', unit: 'ms', value: 5 };
    expect(meetsTarget(figure)).toBeNull();
    expect(meetsTarget({ ...figure, target: { kind: 'at most', value: 5 } })).toBe(true);
    expect(meetsTarget({ ...figure, target: { kind: 'at least', value: 6 } })).toBe(false);
  });
});
