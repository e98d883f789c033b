import type { Direction } from '../scale/x-positions.ts';

/** A cell of a grid, counted from its first row and column. */
export interface GridPlace {
  readonly row: number;
  readonly column: number;
}

/** The size of a grid and the direction of its columns. */
export interface GridField {
  readonly rows: number;
  readonly columns: number;
  readonly direction: Direction;
}

/**
 * Where a key leads in a grid; null for a key that does not move. Arrows move by one and stop at the edges, Home and End
 * go to the ends of the row, with Control to the ends of the grid.
 */
export function moveInGrid(
  from: GridPlace,
  key: string,
  control: boolean,
  field: GridField,
): GridPlace | null {
  const { rows, columns, direction } = field;
  const bound = (row: number, column: number): GridPlace => ({
    row: Math.max(0, Math.min(rows - 1, row)),
    column: Math.max(0, Math.min(columns - 1, column)),
  });
  const forward = direction === 'rtl' ? -1 : 1;
  switch (key) {
    case 'ArrowRight':
      return bound(from.row, from.column + forward);
    case 'ArrowLeft':
      return bound(from.row, from.column - forward);
    case 'ArrowDown':
      return bound(from.row + 1, from.column);
    case 'ArrowUp':
      return bound(from.row - 1, from.column);
    case 'Home':
      return bound(control ? 0 : from.row, 0);
    case 'End':
      return bound(control ? rows - 1 : from.row, columns - 1);
    default:
      return null;
  }
}
