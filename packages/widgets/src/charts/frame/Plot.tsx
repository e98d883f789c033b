import { useId, type ReactNode } from 'react';
import type { XPositions } from '../scale/x-positions.ts';
import { readingText, type BucketReading } from '../tooltip/bucket-reading.ts';
import { Tooltip } from '../tooltip/Tooltip.tsx';
import { useReading } from './use-reading.ts';

interface PlotProps {
  /** What the picture shows, for screen readers. */
  readonly label: string;
  /** What is to be seen in it, in a sentence or two, for screen readers. */
  readonly description: string;
  readonly positions: XPositions;
  readonly height: number;
  /** What one bucket says; called only for the bucket that is read. */
  readonly reading: (index: number) => BucketReading;
  /** Heights in pixels of the marks of one bucket; dots are drawn there while it is read. */
  readonly dots?: ((index: number) => readonly number[]) | undefined;
  /** The drawing, in the coordinates of an svg of this height and 100% width. */
  readonly children: ReactNode;
}

/**
 * The surface on which a picture is drawn and read. To assistive technology it is a slider over the buckets: arrows
 * move, and the value is the bucket in words. Only the cursor is drawn again while somebody reads, never the picture.
 */
export function Plot({ label, description, positions, height, reading, dots, children }: PlotProps) {
  const descriptionId = useId();
  const { index, handlers } = useReading(positions);
  const last = positions.count - 1;
  const now = index ?? last;
  const at = `${positions.center(now) * 100}%`;
  return (
    <div
      className="tk-plot"
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-describedby={descriptionId}
      aria-orientation="horizontal"
      aria-valuemin={1}
      aria-valuemax={positions.count}
      aria-valuenow={now + 1}
      aria-valuetext={readingText(reading(now))}
      {...handlers}
    >
      <svg className="tk-picture" width="100%" height={height} aria-hidden="true" focusable="false">
        {children}
        {index !== null && (
          <g className="tk-cursor">
            <line className="tk-cursor-line" x1={at} x2={at} y1={0} y2={height} />
            {dots?.(index).map((y, layer) => (
              <circle key={layer} className="tk-cursor-dot" cx={at} cy={y} r={3} />
            ))}
          </g>
        )}
      </svg>
      <span id={descriptionId} className="tk-hidden">
        {description}
      </span>
      {index !== null && <Tooltip reading={reading(index)} at={positions.center(index)} />}
    </div>
  );
}
