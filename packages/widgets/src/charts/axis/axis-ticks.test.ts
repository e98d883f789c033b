import { describe, expect, it } from 'vitest';
import { axisTicks } from './axis-ticks.ts';

describe('axisTicks', () => {
  it('always labels the first and the last bucket', () => {
    for (const count of [1, 2, 3, 7, 30, 31, 90, 365]) {
      const indices = axisTicks(count).map((tick) => tick.index);
      expect(indices[0]).toBe(0);
      expect(indices.at(-1)).toBe(count - 1);
      expect(new Set(indices).size).toBe(indices.length);
      expect(indices.length).toBeLessThanOrEqual(5);
    }
  });

  it('keeps inner labels away from the last one', () => {
    for (let count = 8; count < 400; count += 1) {
      const indices = axisTicks(count).map((tick) => tick.index);
      const [before = 0, last = 0] = indices.slice(-2);
      expect(last - before).toBeGreaterThan(((count - 1) / 4) * 0.59);
    }
  });

  it('has no labels without buckets', () => {
    expect(axisTicks(0)).toEqual([]);
  });
});
