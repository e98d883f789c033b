import { describe, expect, it } from 'vitest';
import { bandPositions, pointPositions } from './x-positions.ts';
import { stackSeries, stackTops } from './stack-series.ts';
import { yScale } from './y-scale.ts';

describe('stackSeries', () => {
  it('lets a series without a value add nothing, and leaves a gap where no series has one', () => {
    const layers = stackSeries([
      [1, null, 2],
      [3, null, null],
    ]);
    expect(layers).toEqual([
      [[0, 1], null, [0, 2]],
      [[1, 4], null, [2, 2]],
    ]);
    expect(stackTops(layers)).toEqual([4, null, 2]);
  });

  it('knows a zero from a gap', () => {
    expect(stackSeries([[0, null]])).toEqual([[[0, 0], null]]);
  });

  it('has nothing to stack without series', () => {
    expect(stackTops(stackSeries([]))).toEqual([]);
  });
});

describe('yScale', () => {
  it('begins at zero and ends at a round value', () => {
    const scale = yScale([57, 157], 220, true);
    expect(scale.ticks[0]).toBe(0);
    expect(scale.ticks.at(-1)).toBeGreaterThanOrEqual(157);
    expect(scale.y(0)).toBe(219);
  });

  it('gives each value a height in proportion to it', () => {
    const { y } = yScale([10, 40], 100, false);
    expect((y(0) - y(40)) / (y(0) - y(10))).toBeCloseTo(4, 6);
  });

  it('holds zero also under negative values', () => {
    const { y, ticks } = yScale([-50, 100], 220, true);
    expect(ticks).toContain(0);
    expect(y(-50)).toBeGreaterThan(y(0));
  });

  it('draws nothing but zeros at the base', () => {
    expect(yScale([0, 0], 100, false).y(0)).toBe(99);
  });
});

describe('positions', () => {
  it('set the first and the last point at the edges', () => {
    const positions = pointPositions(3, 'ltr');
    expect([0, 1, 2].map(positions.center)).toEqual([0, 0.5, 1]);
    expect(pointPositions(1, 'ltr').center(0)).toBe(0.5);
  });

  it('mirror the time axis on a page from right to left', () => {
    expect([0, 1, 2].map(pointPositions(3, 'rtl').center)).toEqual([1, 0.5, 0]);
    expect(bandPositions(4, 'rtl').indexAt(0.05)).toBe(3);
  });

  it('find the bucket under every fraction, and never one outside', () => {
    for (const positions of [pointPositions(30, 'ltr'), bandPositions(30, 'ltr'), bandPositions(30, 'rtl')]) {
      for (let index = 0; index < 30; index += 1) {
        expect(positions.indexAt(positions.center(index))).toBe(index);
      }
      expect(positions.indexAt(-0.2)).toBeGreaterThanOrEqual(0);
      expect(positions.indexAt(1.2)).toBeLessThanOrEqual(29);
    }
  });

  it('keep bars within the picture and apart from each other', () => {
    const { left, markWidth } = bandPositions(20, 'ltr', 0.2);
    expect(left(0)).toBeGreaterThanOrEqual(0);
    expect(left(19) + markWidth).toBeLessThanOrEqual(1);
    expect(left(1) - (left(0) + markWidth)).toBeCloseTo(0.01, 9);
  });
});
