import { describe, expect, it } from 'vitest';
import { moveInGrid, type GridField } from './move-in-grid.ts';

const field: GridField = { rows: 4, columns: 14, direction: 'ltr' };

describe('moveInGrid', () => {
  it('moves by one and stops at the edges', () => {
    expect(moveInGrid({ row: 0, column: 0 }, 'ArrowLeft', false, field)).toEqual({ row: 0, column: 0 });
    expect(moveInGrid({ row: 0, column: 0 }, 'ArrowDown', false, field)).toEqual({ row: 1, column: 0 });
    expect(moveInGrid({ row: 3, column: 13 }, 'ArrowRight', false, field)).toEqual({ row: 3, column: 13 });
  });

  it('follows the direction of the page', () => {
    const place = moveInGrid({ row: 1, column: 5 }, 'ArrowLeft', false, { ...field, direction: 'rtl' });
    expect(place).toEqual({ row: 1, column: 6 });
  });

  it('goes to the ends of a row, and with Control of the grid', () => {
    expect(moveInGrid({ row: 2, column: 5 }, 'End', false, field)).toEqual({ row: 2, column: 13 });
    expect(moveInGrid({ row: 2, column: 5 }, 'Home', true, field)).toEqual({ row: 0, column: 0 });
  });

  it('leaves other keys to the page', () => {
    expect(moveInGrid({ row: 0, column: 0 }, 'Tab', false, field)).toBeNull();
  });
});
