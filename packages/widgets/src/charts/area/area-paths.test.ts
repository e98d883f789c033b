import { describe, expect, it } from 'vitest';
import { pointPositions } from '../scale/x-positions.ts';
import type { Layer } from '../scale/stack-series.ts';
import { areaPaths } from './area-paths.ts';

const flat = (count: number): Layer => Array.from({ length: count }, () => [0, 10] as const);
const y = (value: number): number => 100 - value;
const moves = (path: string): number => (path.match(/M/g) ?? []).length;

describe('areaPaths', () => {
  it('draws closed buckets and the way into the open one apart', () => {
    const { closed, open } = areaPaths(flat(5), pointPositions(5, 'ltr'), y, 4);
    expect(closed).toContain('M0,90');
    expect(closed).not.toContain('1000,');
    expect(open).toContain('M750,90');
    expect(open).toContain('1000,90');
  });

  it('draws no open part when all buckets are closed', () => {
    expect(areaPaths(flat(3), pointPositions(3, 'ltr'), y, 3).open).toBe('');
  });

  it('breaks at a gap instead of drawing over it', () => {
    const layer: Layer = [[0, 1], [0, 1], null, [0, 1], [0, 1]];
    const { closed, edge } = areaPaths(layer, pointPositions(5, 'ltr'), y, 5);
    expect(moves(closed)).toBe(2);
    expect(moves(edge)).toBe(2);
  });
});
