import { render, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { exampleModels, usageByModel } from '../../testing/answers/usage-answer.ts';
import { describeWidget } from '../../testing/describe-widget.tsx';
import { usageStates } from '../../testing/fixtures/usage-chart-fixtures.tsx';
import { vitestTools } from '../../testing/suite-tools.vitest.tsx';
import { find, tableOf } from '../../testing/suite/find.ts';
import { selectUsage } from './select-usage.ts';
import { UsageChartView } from './UsageChartView.tsx';

describeWidget(vitestTools, {
  widget: 'usage-chart',
  View: UsageChartView,
  states: usageStates,
  dataNames: exampleModels,
  partialText: /pending/,
  reads: 'plot',
});

/** Reads a height off the picture as a person would: by the grid lines and the labels beside them. */
function readerOf(container: HTMLElement): (y: number) => number {
  const labels = [...container.querySelectorAll('.tk-y-axis text')].map((text) => ({
    y: Number(text.getAttribute('y')),
    value: Number((text.textContent ?? '').replace(/[^\d.]/g, '')),
  }));
  const [low, high] = [labels[0], labels.at(-1)];
  if (!low || !high) throw new Error('The picture has no axis.');
  return (y) => low.value + ((low.y - y) / (low.y - high.y)) * (high.value - low.value);
}

const amount = (text: string | undefined): number => Number((text ?? '').replace(/[^\d.]/g, ''));

describe('the picture of usage', () => {
  it('draws the totals that its table says', async () => {
    const { container } = render(<UsageChartView state={usageStates.ready} />);
    const valueAt = readerOf(container);
    const edges = container.querySelectorAll('.tk-area-edge');
    const top = edges[edges.length - 1]?.getAttribute('d') ?? '';
    const drawn = [...top.matchAll(/,([\d.]+)/g)].map((match) => valueAt(Number(match[1])));
    await userEvent.setup().click(find(container, '.tk-toggle'));
    const totals = tableOf(container).rows.map((row) => amount(row.at(-1)));
    expect(drawn.length).toBe(totals.length);
    for (const [index, value] of drawn.entries()) expect(value).toBeCloseTo(totals[index] ?? Number.NaN, 0);
  });

  it('draws the open bucket apart, in areas as in bars', () => {
    for (const shape of ['area', 'bars'] as const) {
      const { container, unmount } = render(<UsageChartView state={usageStates.ready} shape={shape} />);
      expect(container.querySelectorAll('.tk-open').length).toBe(6);
      expect(find(container, '.tk-open-label').textContent).toBe('open day');
      unmount();
    }
  });

  it('draws no open part when the range has ended', () => {
    const closed = {
      ...usageByModel,
      buckets: usageByModel.buckets.map((bucket) => ({ ...bucket, open: false })),
    };
    const { container } = render(<UsageChartView state={selectUsage(closed)} />);
    expect(container.querySelector('.tk-open, .tk-open-label')).toBeNull();
  });

  it('says how many groups are left out, and names them all in the legend', () => {
    render(<UsageChartView state={usageStates.ready} />);
    expect(screen.getByText('Top 5 of 14')).toBeTruthy();
    expect(screen.getAllByRole('listitem').map((item) => item.textContent)).toEqual([
      ...exampleModels,
      '9 others',
    ]);
  });

  it('draws a range of a single open bucket as bars', () => {
    const one = {
      ...usageByModel,
      buckets: usageByModel.buckets.slice(-1),
      series: usageByModel.series.map((series) => ({ ...series, points: series.points.slice(-1) })),
      others: null,
    };
    const { container } = render(<UsageChartView state={selectUsage(one)} />);
    expect(container.querySelectorAll('.tk-bar-stack').length).toBeGreaterThan(0);
    expect(container.querySelector('.tk-area')).toBeNull();
  });

  it('offers tokens and calls, and no cost, where cost is withheld', () => {
    render(<UsageChartView state={usageStates.withheld} />);
    const measures = screen.getAllByRole('button').map((button) => button.textContent);
    expect(measures).toEqual(['Tokens', 'Calls', 'View as table']);
  });

  it('offers no choice that nobody listens to', () => {
    render(<UsageChartView state={usageStates.ready} />);
    expect(screen.queryByRole('combobox')).toBeNull();
  });
});
