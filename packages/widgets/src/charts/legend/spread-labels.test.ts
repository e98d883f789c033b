import { describe, expect, it } from 'vitest';
import { spreadLabels } from './spread-labels.ts';

describe('spreadLabels', () => {
  it('leaves labels alone that have room', () => {
    expect(spreadLabels([20, 60, 100], 16, [8, 192])).toEqual([20, 60, 100]);
  });

  it('moves labels apart and keeps their order', () => {
    expect(spreadLabels([50, 51, 52], 16, [8, 192])).toEqual([50, 66, 82]);
  });

  it('stays within the picture at both ends', () => {
    expect(spreadLabels([0, 1], 16, [8, 192])).toEqual([8, 24]);
    expect(spreadLabels([190, 200], 16, [8, 192])).toEqual([176, 192]);
  });

  it('shares the room when there is too little', () => {
    const places = spreadLabels([5, 5, 5, 5], 16, [0, 30]);
    expect(places).toEqual([0, 10, 20, 30]);
  });
});
