import type { CSSProperties } from 'react';
import { slotClass } from '../legend/series-slot.ts';
import type { BucketReading, ReadingRow } from './bucket-reading.ts';

function Row({ row, total }: { readonly row: ReadingRow; readonly total?: boolean }) {
  return (
    <div className={total ? 'tk-tooltip-row tk-tooltip-total' : 'tk-tooltip-row'}>
      <span className="tk-tooltip-label">
        {row.slot !== undefined && <span className={`tk-swatch ${slotClass(row.slot)}`} />}
        {row.label}
      </span>
      <span className="tk-tooltip-value">{row.value}</span>
    </div>
  );
}

interface TooltipProps {
  readonly reading: BucketReading;
  /** Place of the bucket, 0 to 1 of the picture's width. */
  readonly at: number;
}

/**
 * One box for all series of a bucket. It is for the eye: screen readers get the same words from the plot itself.
 * It exists only while somebody reads, so a strict content security policy never sees its inline position in a page.
 */
export function Tooltip({ reading, at }: TooltipProps) {
  const place = { '--tk-at': `${at * 100}%` } as CSSProperties;
  return (
    <div
      className={`tk-tooltip ${at > 0.5 ? 'tk-tooltip-before' : 'tk-tooltip-after'}`}
      style={place}
      aria-hidden="true"
    >
      <div className="tk-tooltip-title">{reading.title}</div>
      {reading.total && <Row row={reading.total} total />}
      {reading.rows.map((row, index) => (
        <Row key={index} row={row} />
      ))}
      {reading.notes.map((note, index) => (
        <div key={index} className="tk-tooltip-note">
          {note}
        </div>
      ))}
    </div>
  );
}
