import { render, screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { describeWidget } from '../../testing/describe-widget.tsx';
import { reconciliationStates } from '../../testing/fixtures/reconciliation-status-fixtures.tsx';
import { vitestTools } from '../../testing/suite-tools.vitest.tsx';
import { ReconciliationStatusView } from './ReconciliationStatusView.tsx';

describeWidget(vitestTools, {
  widget: 'reconciliation-status',
  View: ReconciliationStatusView,
  states: reconciliationStates,
  dataNames: [],
  partialText: /12 calls pending/,
  reads: 'grid',
});

describe('the reconciliation card', () => {
  it('shows an operator the matched share and what is unexplained', () => {
    const { container } = render(<ReconciliationStatusView state={reconciliationStates.ready} />);
    expect([...container.querySelectorAll('.tk-figure')].map((figure) => figure.textContent)).toEqual([
      '99.3%of provider cost matched',
      '$6.12unexplained of $2,871.40',
    ]);
  });

  it('says of each cell what it stands for', () => {
    render(<ReconciliationStatusView state={reconciliationStates.ready} />);
    const cell = screen.getByRole('gridcell', { name: /^Nov 11\. Bedrock: variance/ });
    expect(cell.getAttribute('aria-label')).toContain('Unexplained: $5.90');
    expect(cell.getAttribute('aria-label')).toContain('calls that did not pass the tracker');
    expect(cell.textContent).toBe('!');
  });

  it('shows a customer state, period and coverage in plain words', () => {
    const { container } = render(<ReconciliationStatusView state={reconciliationStates.customer} />);
    const text = container.textContent;
    expect(text).toContain('Matched to Nov 18');
    expect(text).toMatch(/Nov 19 ?– ?20 are provisional: providers report late\./);
    expect(text).toContain('99.3% of provider usage matched');
    expect(text).not.toMatch(/OpenAI|Anthropic|\$/);
  });
});
