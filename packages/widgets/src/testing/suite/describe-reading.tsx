import { TallykitSettingsProvider } from '../../provider/TallykitSettingsProvider.tsx';
import type { SuiteTools } from '../suite-tools.ts';
import type { WidgetSubject } from '../widget-subject.ts';
import { describeMeterReading } from './describe-meter-reading.tsx';
import { find, tableOf } from './find.ts';

const tooltip = '.tk-tooltip';
const pictures = '[role="slider"], [role="grid"], [role="meter"]';

/** What the plot says now, in the words that screen readers get. */
function spoken(container: ParentNode): string {
  return find(container, '[role="slider"]').getAttribute('aria-valuetext') ?? '';
}

/** The picture can be read without a pointer and without eyes, and its table says the same. */
export function describeReading<Picture>(tools: SuiteTools, subject: WidgetSubject<Picture>): void {
  switch (subject.reads) {
    case 'plot':
      describePlotReading(tools, subject);
      break;
    case 'grid':
      describeGridReading(tools, subject);
      break;
    case 'meters':
      describeMeterReading(tools, subject);
      break;
    default:
      subject.reads satisfies never;
  }

  const { it, expect, render, click } = tools;
  const { View, states } = subject;

  it('changes between picture and table, and says which is shown', async () => {
    const { container } = render(<View state={states.ready} />);
    const toggle = find(container, '.tk-toggle');
    expect(toggle.getAttribute('aria-pressed')).toBe('false');
    await click(toggle);
    expect(toggle.getAttribute('aria-pressed')).toBe('true');
    expect(container.querySelectorAll(pictures).length).toBe(0);
    await click(toggle);
    expect(container.querySelectorAll('.tk-table').length).toBe(0);
  });

  it('hides every drawing from assistive technology', () => {
    const { container } = render(<View state={states.ready} />);
    for (const svg of container.querySelectorAll('svg')) {
      expect(svg.closest('[aria-hidden="true"]') !== null).toBe(true);
    }
  });
}

function describePlotReading<Picture>(tools: SuiteTools, subject: WidgetSubject<Picture>): void {
  const { it, expect, render, press, click, focus } = tools;
  const { View, states } = subject;

  it('is read bucket by bucket with the keyboard', async () => {
    const { container } = render(<View state={states.ready} />);
    const plot = find(container, '[role="slider"]');
    const last = Number(plot.getAttribute('aria-valuemax'));
    focus(plot);
    expect(plot.getAttribute('aria-valuenow')).toBe(String(last));
    await press('{ArrowLeft}');
    expect(plot.getAttribute('aria-valuenow')).toBe(String(last - 1));
    expect(container.querySelectorAll(tooltip).length).toBe(1);
    await press('{Home}');
    expect(plot.getAttribute('aria-valuenow')).toBe('1');
    await press('{Escape}');
    expect(container.querySelectorAll(tooltip).length).toBe(0);
  });

  it('shows in its table exactly what it says bucket by bucket', async () => {
    for (const state of [states.ready, states.partial]) {
      const { container, unmount } = render(<View state={state} />);
      const plot = find(container, '[role="slider"]');
      const count = Number(plot.getAttribute('aria-valuemax'));
      focus(plot);
      await press('{Home}');
      const said = [spoken(container)];
      for (let index = 1; index < count; index += 1) {
        await press('{ArrowRight}');
        said.push(spoken(container));
      }
      await click(find(container, '.tk-toggle'));
      const { rows } = tableOf(container);
      expect(rows.length).toBe(count);
      for (const [index, [name = '', ...cells]] of rows.entries()) {
        const sentence = said[index] ?? '';
        for (const cell of [name.replace(/ still open$/, ''), ...cells]) expect(sentence).toContain(cell);
        expect(name.endsWith('still open')).toBe(sentence.includes('still open'));
      }
      unmount();
    }
  });

  it('is read the other way round on a page from right to left', async () => {
    const { container } = render(
      <TallykitSettingsProvider direction="rtl">
        <View state={states.ready} />
      </TallykitSettingsProvider>,
    );
    const plot = find(container, '[role="slider"]');
    const last = Number(plot.getAttribute('aria-valuemax'));
    focus(plot);
    await press('{ArrowRight}');
    expect(plot.getAttribute('aria-valuenow')).toBe(String(last - 1));
    await press('{ArrowLeft}');
    expect(plot.getAttribute('aria-valuenow')).toBe(String(last));
  });
}

function describeGridReading<Picture>(tools: SuiteTools, subject: WidgetSubject<Picture>): void {
  const { it, expect, render, press, click, focus } = tools;
  const { View, states } = subject;
  const focused = (): string => document.activeElement?.getAttribute('aria-label') ?? '';

  it('is read cell by cell with the keyboard, with one stop in the tab order', async () => {
    const { container } = render(<View state={states.ready} />);
    const stops = container.querySelectorAll('[role="gridcell"][tabindex="0"]');
    expect(stops.length).toBe(1);
    focus(find(container, '[role="gridcell"][tabindex="0"]'));
    const first = focused();
    await press('{ArrowDown}');
    expect(focused()).not.toBe(first);
    expect(container.querySelectorAll(tooltip).length).toBe(1);
    await press('{Escape}');
    expect(container.querySelectorAll(tooltip).length).toBe(0);
  });

  it('shows in its table exactly what it says cell by cell', async () => {
    const { container } = render(<View state={states.ready} />);
    const said = [...container.querySelectorAll('[role="grid"] tbody tr')].map((row) =>
      [...row.querySelectorAll('[role="gridcell"]')].map((cell) => cell.getAttribute('aria-label') ?? ''),
    );
    await click(find(container, '.tk-toggle'));
    const { rows } = tableOf(container);
    expect(rows.length).toBe(said[0]?.length);
    for (const [column, [name = '', ...cells]] of rows.entries()) {
      expect(cells.length).toBe(said.length);
      for (const [row, cell] of cells.entries()) {
        const sentence = said[row]?.[column] ?? '';
        for (const part of [name, ...cell.split(', ')]) expect(sentence).toContain(part);
      }
    }
  });

  it('is read the other way round on a page from right to left', async () => {
    const { container } = render(
      <TallykitSettingsProvider direction="rtl">
        <View state={states.ready} />
      </TallykitSettingsProvider>,
    );
    focus(find(container, '[role="gridcell"][tabindex="0"]'));
    const last = focused();
    await press('{ArrowRight}');
    expect(focused()).not.toBe(last);
    await press('{ArrowLeft}');
    expect(focused()).toBe(last);
  });
}
