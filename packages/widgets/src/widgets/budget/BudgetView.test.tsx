import { render, screen, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { budgetAnswerOf, exampleBudgetNames, exampleBudgets } from '../../testing/answers/budgets-answer.ts';
import { describeWidget } from '../../testing/describe-widget.tsx';
import { BudgetViewWithLinks, budgetStates } from '../../testing/fixtures/budget-fixtures.tsx';
import { vitestTools } from '../../testing/suite-tools.vitest.tsx';
import { find, tableOf, textOf } from '../../testing/suite/find.ts';
import { BudgetView } from './BudgetView.tsx';
import { selectBudget } from './select-budgets.ts';

describeWidget(vitestTools, {
  widget: 'budget',
  View: BudgetViewWithLinks,
  states: budgetStates,
  dataNames: exampleBudgetNames,
  partialText: /without 118 calls whose cost is not known yet/,
  reads: 'meters',
});

function rowOf(name: string): HTMLElement {
  const row = screen.getAllByRole('meter', { name })[0]?.closest<HTMLElement>('.tk-budget');
  if (!row) throw new Error(`There is no budget ${name} on the card.`);
  return row;
}

describe('the budget card', () => {
  it('shows those over their limit first, then those that have warned, and says how many it leaves out', () => {
    const { container } = render(<BudgetView state={budgetStates.ready} />);
    const names = [...container.querySelectorAll('.tk-budget-name')].map(textOf);
    expect(names).toEqual(['Night export', 'Reply drafts', 'Halden Insurance']);
    expect(screen.getByText('Top 3 of 6')).toBeTruthy();
  });

  it('says nothing of a cut where it shows all', () => {
    const { container } = render(<BudgetView state={budgetStates.ready} limit={6} />);
    expect(container.textContent).not.toContain('Top');
  });

  it('does not claim to know all where the server has more', () => {
    const state = budgetStates.ready;
    if (state.name !== 'ready') throw new Error('The example is not ready.');
    render(<BudgetView state={{ ...state, picture: { ...state.picture, more: true } }} />);
    expect(screen.getByText('Top 3 of the first 6, more exist')).toBeTruthy();
  });

  it('says spent, limit, part, window, reset and what happens at the limit', () => {
    render(<BudgetView state={budgetStates.ready} />);
    const text = textOf(rowOf('Halden Insurance'));
    expect(text).toContain('$597.36 of $700.00');
    expect(text).toContain('85.3%');
    expect(text).toContain('warned');
    expect(text).toMatch(/this month, resets in 11 days, Dec 1(?!,)/);
    expect(text).toContain('blocks calls at the limit');
    expect(text).toContain('$18.40 reserved');
    expect(text).toContain('counts what is charged');
  });

  it('draws a full bar over the limit and says by how much it is passed', () => {
    render(<BudgetView state={budgetStates.ready} />);
    const row = rowOf('Reply drafts');
    expect(find(row, '.tk-meter-taken').getAttribute('width')).toBe('100%');
    expect(within(row).getByRole('meter').getAttribute('aria-valuenow')).toBe('100');
    expect(within(row).getByRole('meter').getAttribute('aria-valuetext')).toBe(
      '$1,008.00 of $900.00, 112%, limit reached',
    );
    expect(textOf(row)).toContain('alerts only, calls go on');
  });

  it('says that a limit of zero lets nothing through, without a part of nothing', () => {
    render(<BudgetView state={budgetStates.ready} />);
    const row = rowOf('Night export');
    expect(textOf(row)).toContain('nothing may be spent');
    expect(textOf(row)).toContain('blocks calls now');
    expect(find(row, '.tk-budget-used').textContent).toBe('–');
    expect(row.querySelector('.tk-meter-mark')).toBeNull();
  });

  it('draws what is reserved apart, beside what is spent', () => {
    render(<BudgetView state={budgetStates.ready} />);
    const row = rowOf('Halden Insurance');
    const held = find(row, '.tk-meter-held');
    const [start = 0, width = 0] = ['x', 'width'].map((name) =>
      Number.parseFloat(held.getAttribute(name) ?? ''),
    );
    expect(start).toBeCloseTo((597.36 / 700) * 100, 2);
    expect(width).toBeCloseTo((18.4 / 700) * 100, 2);
    expect(held.getAttribute('fill')).toMatch(/^url\(#/);
  });

  it('marks warning levels on the bar, those beyond the limit in words alone', () => {
    render(<BudgetView state={budgetStates.ready} />);
    expect(rowOf('Halden Insurance').querySelectorAll('.tk-meter-mark').length).toBe(2);
    const beyond = rowOf('Reply drafts');
    expect(beyond.querySelectorAll('.tk-meter-mark').length).toBe(1);
    expect(textOf(find(beyond, '.tk-facts'))).toContain('Warning at 150%not passed');
  });

  it('says when each level was passed, in the organization’s zone', () => {
    render(<BudgetView state={budgetStates.ready} />);
    const facts = textOf(find(rowOf('Halden Insurance'), '.tk-facts'));
    expect(facts).toContain('Warning at 50%passed Nov 20, 05:42 AM');
    expect(facts).toContain('Limitnot passed');
    expect(facts).toContain('Counted sinceNov 1, 12:00 AM (Europe/Berlin)');
    expect(facts).toContain('ResetsDec 1, 12:00 AM (Europe/Berlin)');
  });

  it('shows a dash and no meter while nothing of what was spent is known', () => {
    const { container } = render(<BudgetView state={budgetStates.partial} />);
    const row = [...container.querySelectorAll<HTMLElement>('.tk-budget')].at(-1);
    if (!row) throw new Error('There is no budget on the card.');
    expect(textOf(row)).toContain('– of $20.00');
    expect(within(row).queryByRole('meter')).toBeNull();
    expect(row.querySelector('.tk-meter-taken')).toBeNull();
    expect(textOf(row)).not.toContain('$0.00 of');
  });

  it('names the currencies that it cannot count', () => {
    render(<BudgetView state={budgetStates.partial} />);
    expect(screen.getByText('without calls in EUR, GBP')).toBeTruthy();
  });

  it('says what a budget without a name is about', () => {
    render(<BudgetView state={budgetStates.ready} limit={6} />);
    expect(textOf(rowOf('Customer cus_halden · Flow triage'))).toMatch(
      /413K of 2\.00M tokens.*today, resets in 13 hours, Nov 21, 12:00 AM/,
    );
    expect(rowOf('Key key_batch')).toBeTruthy();
  });

  it('gives a budget in all no reset', () => {
    render(<BudgetView state={budgetStates.ready} limit={6} />);
    const text = textOf(rowOf('Trial of Maren'));
    expect(text).toContain('$4.20 of $50.00');
    expect(text).toContain('in all, never resets');
    expect(text).not.toContain('resets in');
  });

  it('tells a customer nothing of how the vendor counts, and takes its own account for granted', () => {
    const { container } = render(<BudgetView state={budgetStates.customer} />);
    expect(container.textContent).not.toMatch(/own cost|is charged|cus_halden/);
    expect(rowOf('Flow triage')).toBeTruthy();
  });
});

describe('a budget by itself', () => {
  it('has its name as the title and what was spent as the headline', () => {
    const { container } = render(<BudgetView state={budgetStates['one budget']} />);
    expect(screen.getByRole('heading').textContent).toBe('Halden Insurance');
    expect(find(container, '.tk-headline').textContent).toBe('$597.36');
    expect(container.textContent).toContain('of $700.00');
    expect(screen.getAllByRole('meter').length).toBe(1);
  });

  it('has the exact tokens in reach of its short headline', () => {
    const { container } = render(<BudgetView state={budgetStates['one budget of tokens']} />);
    expect(find(container, '.tk-headline').textContent).toBe('413K');
    expect(screen.getByTitle('412,806 of 2,000,000 tokens')).toBeTruthy();
    expect(find(container, '.tk-facts').textContent).toContain('412,806 tokens');
  });

  it('says the same in its table', async () => {
    const { container } = render(<BudgetView state={budgetStates['one budget']} />);
    await userEvent.setup().click(screen.getByRole('button', { name: 'View as table' }));
    expect(tableOf(container).rows).toEqual([
      [
        'Halden Insurance',
        '$597.36',
        '$700.00',
        '85.3%',
        '$18.40',
        'warned',
        'this month, resets in 11 days, Dec 1',
      ],
    ]);
  });

  it('keeps its form before the figures are there', () => {
    const { container } = render(<BudgetView state={{ name: 'loading' }} form="one" />);
    expect(container.querySelectorAll('.tk-skeleton-headline').length).toBe(1);
    expect(container.querySelectorAll('.tk-skeleton-bar').length).toBe(1);
    expect(find(container, 'article').classList.contains('tk-budget-room-one')).toBe(true);
  });
});

describe('changing a budget', () => {
  it('is offered where the reader may and the host listens', async () => {
    const edited: string[] = [];
    render(<BudgetView state={budgetStates.customer} onEdit={({ budget }) => edited.push(budget.id)} />);
    const buttons = screen.getAllByRole('button', { name: /^Change/ });
    expect(buttons.map((button) => button.textContent)).toEqual(['Change, Flow triage']);
    await userEvent.setup().click(screen.getByRole('button', { name: /^Change/ }));
    expect(edited).toEqual(['halden-tokens']);
  });

  it('is not offered where nobody listens', () => {
    render(<BudgetView state={selectBudget(budgetAnswerOf(exampleBudgets.fairUse))} />);
    expect(screen.queryByRole('button', { name: /^Change/ })).toBeNull();
  });

  it('leads to where a first budget is set', () => {
    render(<BudgetView state={budgetStates.empty} setupHref="/settings/budgets" />);
    expect(screen.getByRole('link', { name: 'Set one' }).getAttribute('href')).toBe('/settings/budgets');
  });
});
