import { useState, type KeyboardEvent } from 'react';
import { moveInGrid, type GridPlace } from '../keyboard/move-in-grid.ts';
import type { Direction } from '../scale/x-positions.ts';
import { readingText, type BucketReading } from '../tooltip/bucket-reading.ts';
import { Tooltip } from '../tooltip/Tooltip.tsx';

/** One mark of a grid: a tone, a sign for those who do not tell tones apart, and what it says. */
export interface HeatmapCell {
  readonly tone: string;
  readonly sign: string;
  readonly reading: BucketReading;
}

/** One row of a grid. */
export interface HeatmapRow {
  readonly name: string;
  readonly cells: readonly HeatmapCell[];
}

interface HeatmapProps {
  readonly label: string;
  /** Name of the column that names the rows. */
  readonly rowsLabel: string;
  /** Names of the columns, oldest first. */
  readonly columns: readonly string[];
  readonly rows: readonly HeatmapRow[];
  readonly direction: Direction;
}

interface Shown {
  readonly place: GridPlace;
  /** Middle of the cell, 0 to 1 of the width of the whole. */
  readonly at: number;
}

/** In a narrow card only so many of the newest columns are shown. */
const narrowColumns = 14;

function middleOf(cell: HTMLElement): number {
  const whole = cell.closest('.tk-heatmap')?.getBoundingClientRect();
  const own = cell.getBoundingClientRect();
  return whole && whole.width > 0 ? (own.left + own.width / 2 - whole.left) / whole.width : 0.5;
}

/**
 * Marks in rows and columns. It is a grid to assistive technology as it is to the eye: arrows move between the cells, and
 * each cell says what it stands for.
 */
export function Heatmap({ label, rowsLabel, columns, rows, direction }: HeatmapProps) {
  const [place, setPlace] = useState<GridPlace>({ row: 0, column: columns.length - 1 });
  const [shown, setShown] = useState<Shown | null>(null);
  const stop = rows[place.row]?.cells[place.column] ? place : { row: 0, column: columns.length - 1 };
  const read = shown && rows[shown.place.row]?.cells[shown.place.column]?.reading;

  function onKeyDown(event: KeyboardEvent<HTMLTableElement>): void {
    if (event.altKey || event.metaKey) return;
    if (event.key === 'Escape' && shown) {
      event.preventDefault();
      setShown(null);
      return;
    }
    const field = { rows: rows.length, columns: columns.length, direction };
    const next = moveInGrid(stop, event.key, event.ctrlKey, field);
    if (!next) return;
    event.preventDefault();
    setPlace(next);
    event.currentTarget.tBodies[0]?.rows[next.row]?.cells[next.column + 1]?.focus();
  }

  return (
    <div className="tk-heatmap" onPointerLeave={() => setShown(null)}>
      <table className="tk-heatmap-table" role="grid" aria-label={label} onKeyDown={onKeyDown}>
        <colgroup>
          <col className="tk-heatmap-names" />
          {columns.map((_, index) => (
            <col
              key={index}
              className={index < columns.length - narrowColumns ? 'tk-cell-older' : undefined}
            />
          ))}
        </colgroup>
        <thead className="tk-hidden">
          <tr>
            <th scope="col">{rowsLabel}</th>
            {columns.map((column, index) => (
              <th key={index} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, rowIndex) => (
            <tr key={rowIndex}>
              <th className="tk-heatmap-name" scope="row" title={row.name}>
                {row.name}
              </th>
              {row.cells.map((cell, column) => (
                <td
                  key={column}
                  role="gridcell"
                  className={column < columns.length - narrowColumns ? 'tk-cell tk-cell-older' : 'tk-cell'}
                  tabIndex={rowIndex === stop.row && column === stop.column ? 0 : -1}
                  aria-label={readingText(cell.reading)}
                  onFocus={(event) => {
                    setPlace({ row: rowIndex, column });
                    setShown({ place: { row: rowIndex, column }, at: middleOf(event.currentTarget) });
                  }}
                  onBlur={() => setShown(null)}
                  onPointerEnter={(event) =>
                    setShown({ place: { row: rowIndex, column }, at: middleOf(event.currentTarget) })
                  }
                >
                  <span className={`tk-cell-mark tk-mark-${cell.tone}`} aria-hidden="true">
                    {cell.sign}
                  </span>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {read && <Tooltip reading={read} at={shown.at} />}
    </div>
  );
}
