import { describe, expect, it } from 'vitest';
import { isReadingKey, nextReading, notReading, type ReadingField } from './reading.ts';

const field: ReadingField = { count: 30, direction: 'ltr' };
const keyed = (key: string) => ({ name: 'keyed', key }) as const;

describe('reading by keyboard', () => {
  it('begins at the newest bucket', () => {
    expect(nextReading(notReading, { name: 'focused' }, field).index).toBe(29);
  });

  it('stays within the ends', () => {
    const first = nextReading(notReading, keyed('Home'), field);
    expect(first.index).toBe(0);
    expect(nextReading(first, keyed('ArrowLeft'), field).index).toBe(0);
    const last = nextReading(first, keyed('End'), field);
    expect(last.index).toBe(29);
    expect(nextReading(last, keyed('PageUp'), field).index).toBe(29);
    expect(nextReading(last, keyed('PageDown'), field).index).toBe(26);
  });

  it('follows the axis where the page reads from right to left', () => {
    const middle = { index: 10, by: 'keyboard' } as const;
    expect(nextReading(middle, keyed('ArrowLeft'), { ...field, direction: 'rtl' }).index).toBe(11);
    expect(nextReading(middle, keyed('ArrowRight'), { ...field, direction: 'rtl' }).index).toBe(9);
    expect(nextReading(middle, keyed('ArrowUp'), { ...field, direction: 'rtl' }).index).toBe(11);
  });

  it('ends with Escape and claims that key only while something is read', () => {
    const read = { index: 3, by: 'keyboard' } as const;
    expect(nextReading(read, keyed('Escape'), field)).toEqual(notReading);
    expect(isReadingKey('Escape', read, field)).toBe(true);
    expect(isReadingKey('Escape', notReading, field)).toBe(false);
    expect(isReadingKey('Tab', read, field)).toBe(false);
  });

  it('has nothing to read in an empty picture', () => {
    expect(nextReading(notReading, { name: 'focused' }, { ...field, count: 0 })).toEqual(notReading);
  });
});

describe('reading by pointer', () => {
  it('ends when the pointer leaves, but not when the keyboard is reading', () => {
    const pointed = nextReading(notReading, { name: 'pointed', index: 4 }, field);
    expect(nextReading(pointed, { name: 'left' }, field)).toEqual(notReading);
    const keyboard = nextReading(pointed, keyed('ArrowRight'), field);
    expect(nextReading(keyboard, { name: 'left' }, field)).toBe(keyboard);
  });

  it('keeps its state while the pointer stays in one bucket', () => {
    const pointed = nextReading(notReading, { name: 'pointed', index: 4 }, field);
    expect(nextReading(pointed, { name: 'pointed', index: 4 }, field)).toBe(pointed);
  });
});
