import type { YScale } from '../scale/y-scale.ts';

/** Hairlines at the ticks; the base line is a little stronger than the others. */
export function GridLines({ scale }: { readonly scale: YScale }) {
  return (
    <g className="tk-grid-lines">
      {scale.ticks.map((tick) => (
        <line
          key={tick}
          className={tick === 0 ? 'tk-grid-line tk-base-line' : 'tk-grid-line'}
          x1="0"
          x2="100%"
          y1={scale.y(tick)}
          y2={scale.y(tick)}
        />
      ))}
    </g>
  );
}
