import type { CostLine } from '@tallykit/protocol';
import { describe, expect, it } from 'vitest';
import { packLines, shortest, unpackLines } from './cost-row.ts';

const lines: readonly CostLine[] = [
  { bucket: 'input', quantity: 900, rate: '0.15', per: 1_000_000, amount: '0.000135' },
  { bucket: 'requests', quantity: 1, rate: '10', per: 1000, amount: '0.01', tierAbove: 200_000 },
];

describe('cost lines', () => {
  it('come back as they were packed', () => {
    expect(unpackLines(JSON.parse(packLines(lines)))).toEqual(lines);
  });

  it('with an unknown bucket are an error, not money without a name', () => {
    expect(() => unpackLines([['surcharge', 1, '1', 1, '1']])).toThrow(/surcharge/);
  });
});

describe('shortest', () => {
  it('drops the places that PostgreSQL fills up', () => {
    expect(shortest('0.250000000000')).toBe('0.25');
    expect(shortest('-0.000000000000')).toBe('0');
    expect(shortest(null)).toBeNull();
  });
});
