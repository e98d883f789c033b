import { TallykitSettingsProvider } from '../../provider/TallykitSettingsProvider.tsx';
import type { SuiteTools } from '../suite-tools.ts';
import type { WidgetSubject } from '../widget-subject.ts';
import { find, tableOf, textOf } from './find.ts';

const metersOf = (container: ParentNode): readonly HTMLElement[] => [
  ...container.querySelectorAll<HTMLElement>('[role="meter"]'),
];

/** Where the first bar that is not full begins and ends, in percent of its track, from the left. */
function drawnSpan(container: ParentNode): readonly [from: number, to: number] {
  const taken = find(container, '.tk-meter-taken:not([width="100%"])');
  const [from = Number.NaN, width = Number.NaN] = ['x', 'width'].map((name) =>
    Number.parseFloat(taken.getAttribute(name) ?? ''),
  );
  return [from, from + width];
}

/** Meters have a name, a value between their ends, and the same words as the table. */
export function describeMeterReading<Picture>(tools: SuiteTools, subject: WidgetSubject<Picture>): void {
  const { it, expect, render, click } = tools;
  const { View, states } = subject;

  it('says each meter in words, with a value between its ends', () => {
    for (const state of [states.ready, states.partial, states.stale]) {
      const { container, unmount } = render(<View state={state} />);
      const meters = metersOf(container);
      expect(meters.length).toBeGreaterThan(0);
      for (const meter of meters) {
        const [low, now, high] = ['aria-valuemin', 'aria-valuenow', 'aria-valuemax'].map((name) =>
          Number(meter.getAttribute(name) ?? Number.NaN),
        );
        expect(
          low !== undefined && now !== undefined && high !== undefined && low <= now && now <= high,
        ).toBe(true);
        expect(meter.getAttribute('aria-label')).not.toBe('');
        expect(meter.getAttribute('aria-valuetext') ?? '').toMatch(/\d/);
      }
      unmount();
    }
  });

  it('shows in its table exactly what it says meter by meter', async () => {
    for (const state of [states.ready, states.partial]) {
      const { container, unmount } = render(<View state={state} />);
      const meters = new Map(
        metersOf(container).map((meter) => [
          meter.getAttribute('aria-label') ?? '',
          `${meter.getAttribute('aria-valuetext') ?? ''} ${textOf(meter.parentElement ?? meter)}`,
        ]),
      );
      await click(find(container, '.tk-toggle'));
      const { rows } = tableOf(container);
      expect(rows.length >= meters.size).toBe(true);
      for (const [name, said] of meters) {
        const row = rows.find(([first = '']) => first.startsWith(name));
        expect(row !== undefined).toBe(true);
        for (const cell of row?.slice(1) ?? []) if (cell !== '–') expect(said).toContain(cell);
      }
      unmount();
    }
  });

  it('fills up from the right on a page from right to left', () => {
    const { container, unmount } = render(<View state={states.ready} />);
    const [from, to] = drawnSpan(container);
    expect(from).toBe(0);
    unmount();
    const { container: mirrored } = render(
      <TallykitSettingsProvider direction="rtl">
        <View state={states.ready} />
      </TallykitSettingsProvider>,
    );
    expect(drawnSpan(mirrored).map(Math.round)).toEqual([Math.round(100 - to), Math.round(100 - from)]);
  });
}
