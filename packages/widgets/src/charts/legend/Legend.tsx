import { slotClass, type SeriesSlot } from './series-slot.ts';

/** A series as a legend names it. */
export interface LegendItem {
  readonly id: string;
  readonly label: string;
  readonly slot: SeriesSlot;
}

/** Names the series of a picture, in the order of their size. */
export function Legend({ items }: { readonly items: readonly LegendItem[] }) {
  return (
    <ul className="tk-legend">
      {items.map((item) => (
        <li key={item.id} className="tk-legend-item">
          <span className={`tk-swatch ${slotClass(item.slot)}`} aria-hidden="true" />
          <span className="tk-legend-label">{item.label}</span>
        </li>
      ))}
    </ul>
  );
}
