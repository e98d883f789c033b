import { render, screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { describeWidget } from '../../testing/describe-widget.tsx';
import { tokenSpendStates } from '../../testing/fixtures/token-spend-kpi-fixtures.tsx';
import { vitestTools } from '../../testing/suite-tools.vitest.tsx';
import { TokenSpendKpiView } from './TokenSpendKpiView.tsx';

describeWidget(vitestTools, {
  widget: 'token-spend-kpi',
  View: TokenSpendKpiView,
  states: tokenSpendStates,
  dataNames: [],
  partialText: /0\.4% pending/,
  reads: 'plot',
});

describe('the token-spend card', () => {
  it('has spend as its headline, tokens beneath it, and the exact count within reach', () => {
    const { container } = render(<TokenSpendKpiView state={tokenSpendStates.ready} />);
    const headline = container.querySelector('.tk-headline');
    expect(headline?.textContent).toMatch(/^\$2,\d{3}\.\d\d$/);
    expect(headline?.nextElementSibling?.textContent).toMatch(/^1\.\d\dB tokens in 30 days$/);
    expect(screen.getByTitle(/^1,\d{3},\d{3},\d{3} tokens$/)).toBeTruthy();
  });

  it('does not judge a change of spend by colour', () => {
    const { container } = render(<TokenSpendKpiView state={tokenSpendStates.ready} />);
    expect(container.querySelector('.tk-tone-good, .tk-tone-bad')).toBeNull();
  });

  it('says pending instead of a spend of nothing while no call has a price', () => {
    const { container } = render(<TokenSpendKpiView state={tokenSpendStates['all pending']} />);
    expect(container.querySelector('.tk-no-headline')?.textContent).toBe('pending');
    expect(container.textContent).not.toContain('$0');
  });

  it('shows tokens also where spend is withheld', () => {
    const { container } = render(<TokenSpendKpiView state={tokenSpendStates.withheld} />);
    expect(container.textContent).toContain('Not shared with this account');
    expect(container.textContent).toContain('tokens in 30 days');
  });
});
