import { render, screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { pictureOf } from '../../states/widget-state.ts';
import { describeWidget } from '../../testing/describe-widget.tsx';
import { revenueStates } from '../../testing/fixtures/revenue-hero-fixtures.tsx';
import { vitestTools } from '../../testing/suite-tools.vitest.tsx';
import { RevenueHeroView } from './RevenueHeroView.tsx';

describeWidget(vitestTools, {
  widget: 'revenue-hero',
  View: RevenueHeroView,
  states: revenueStates,
  dataNames: [],
  partialText: /incomplete/,
  reads: 'plot',
});

describe('the picture of revenue', () => {
  it('draws bars in proportion to their amounts, the open day apart', () => {
    const { container } = render(<RevenueHeroView state={revenueStates.ready} />);
    const bars = [...container.querySelectorAll('.tk-bar')];
    const amounts =
      pictureOf(revenueStates.ready)?.buckets.map((bucket) => Number(bucket.invoiced?.amount)) ?? [];
    const heights = bars.map((bar) => Number(bar.getAttribute('height')));
    expect(bars.length).toBe(amounts.length);
    const unit = (heights[0] ?? 0) / (amounts[0] ?? 1);
    for (const [index, height] of heights.entries()) {
      const amount = amounts[index] ?? 0;
      // A measured zero keeps a hairline, so that it is not taken for a gap.
      expect(height).toBeCloseTo(amount === 0 ? 1 : amount * unit, 6);
    }
    expect(bars.map((bar) => bar.classList.contains('tk-bar-open')).lastIndexOf(true)).toBe(bars.length - 1);
    expect(container.querySelectorAll('.tk-bar-open').length).toBe(1);
  });

  it('says what it compares with, by sign and not by colour alone', () => {
    const { container } = render(<RevenueHeroView state={revenueStates.ready} />);
    expect(container.textContent).toContain('+9.8% on the same 20 days of October');
    expect(container.querySelector('.tk-strong')?.classList.contains('tk-tone-good')).toBe(true);
  });

  it('shows further currencies beside the first and never adds them', () => {
    render(<RevenueHeroView state={revenueStates['two currencies']} />);
    expect(screen.getByText('and €4,120.00, never added up')).toBeTruthy();
  });
});
