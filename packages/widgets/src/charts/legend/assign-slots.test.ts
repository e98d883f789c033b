import { describe, expect, it } from 'vitest';
import { assignSlots, type SlotMemory } from './assign-slots.ts';

describe('assignSlots', () => {
  it('keeps the colour of a series when its rank changes', () => {
    const memory: SlotMemory = new Map();
    expect(assignSlots('model', ['a', 'b', 'c'], memory)).toEqual([1, 2, 3]);
    expect(assignSlots('model', ['c', 'a', 'd'], memory)).toEqual([3, 1, 4]);
  });

  it('never gives one colour to two series of a picture', () => {
    const memory: SlotMemory = new Map();
    assignSlots('model', ['a', 'b', 'c', 'd', 'e'], memory);
    assignSlots('model', ['f', 'g', 'h'], memory);
    const slots = assignSlots('model', ['a', 'g', 'h', 'b', 'f'], memory);
    expect(new Set(slots).size).toBe(5);
    expect(slots[0]).toBe(1);
  });

  it('begins anew for each group, since groups never stand in one picture', () => {
    const memory: SlotMemory = new Map();
    assignSlots('model', ['a', 'b', 'c', 'd', 'e'], memory);
    expect(assignSlots('customer', ['x', 'a'], memory)).toEqual([1, 2]);
  });

  it('lets a host fix colours', () => {
    expect(assignSlots('model', ['a', 'b'], new Map([['model', new Map([['b', 1]])]]))).toEqual([2, 1]);
  });
});
