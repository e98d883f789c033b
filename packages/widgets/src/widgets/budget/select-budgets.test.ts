import { describe, expect, it } from 'vitest';
import { pictureOf } from '../../states/widget-state.ts';
import {
  budgetAnswerOf,
  budgetEntry,
  budgetsAnswer,
  budgetsEmpty,
  budgetsForCustomer,
  budgetsPending,
  exampleBudgets,
} from '../../testing/answers/budgets-answer.ts';
import { selectBudget, selectBudgets, type BudgetPictureRow } from './select-budgets.ts';

function rowOf(...[entry]: Parameters<typeof budgetAnswerOf>): BudgetPictureRow {
  const row = pictureOf(selectBudget(budgetAnswerOf(entry)))?.rows[0];
  if (!row) throw new Error('The budget is not in its picture.');
  return row;
}

const scope = { flow: 'x' };

describe('selectBudgets', () => {
  it('names its states', () => {
    expect(selectBudgets(budgetsAnswer).name).toBe('ready');
    expect(selectBudgets(budgetsPending).name).toBe('partial');
    expect(selectBudgets(budgetsEmpty).name).toBe('empty');
  });

  it('puts the fullest first within over, warned and inside, and a passed limit of zero before all', () => {
    const ids = pictureOf(selectBudgets(budgetsAnswer))?.rows.map(({ budget }) => budget.id);
    expect(ids).toEqual(['stopped', 'replies-week', 'halden-month', 'batch-key', 'halden-tokens', 'trial']);
  });

  it('leaves the answer as it is', () => {
    const before = budgetsAnswer.budgets.map(({ budget }) => budget.id);
    selectBudgets(budgetsAnswer);
    expect(budgetsAnswer.budgets.map(({ budget }) => budget.id)).toEqual(before);
  });

  it('knows that the server has more', () => {
    expect(pictureOf(selectBudgets(budgetsAnswer))?.more).toBe(false);
    expect(pictureOf(selectBudgets({ ...budgetsAnswer, nextCursor: 'trial' }))?.more).toBe(true);
  });

  it('knows whose page it is on a customer’s page alone', () => {
    expect(pictureOf(selectBudgets(budgetsForCustomer))?.customer).toEqual({
      id: 'cus_halden',
      name: 'Halden Insurance',
    });
    const narrowed = {
      ...budgetsAnswer,
      scope: { ...budgetsAnswer.scope, customerId: 'cus_halden', customerName: 'Halden Insurance' },
    };
    expect(pictureOf(selectBudgets(narrowed))?.customer).toBeNull();
  });

  it('does not miss calls without a price in a budget of tokens, which counts them at once', () => {
    const pending = { calls: 9, tokens: 4000 };
    const { fairUse } = exampleBudgets;
    const state = selectBudgets({
      ...budgetsAnswer,
      budgets: [{ ...fairUse, status: { ...fairUse.status, pending } }],
    });
    expect(state.name).toBe('ready');
  });
});

describe('what is drawn of a budget', () => {
  it('is never more than the whole, however much was spent and is held', () => {
    const over = { budget: { id: 'a', name: null, scope, window: 'day', action: 'alert' } } as const;
    expect(rowOf(budgetEntry({ ...over, unit: 'money', limit: 10, spent: 25, reserved: 5 })).drawn).toEqual({
      spent: 1,
      reserved: 0,
    });
    expect(rowOf(budgetEntry({ ...over, unit: 'money', limit: 10, spent: 9, reserved: 5 })).drawn).toEqual({
      spent: 0.9,
      reserved: expect.closeTo(0.1, 9) as number,
    });
  });

  it('is nothing where nothing is known, and that is not an empty bar', () => {
    const unknown = pictureOf(selectBudgets(budgetsPending))?.rows.find(
      ({ budget }) => budget.id === 'new-model',
    );
    expect(unknown?.drawn).toBeNull();
  });

  it('begins at zero where credits carry what was spent below it', () => {
    const credited = budgetEntry({
      budget: { id: 'a', name: null, scope, window: 'month', action: 'alert' },
      unit: 'money',
      limit: 10,
      spent: -2.5,
      reserved: 1,
    });
    expect(rowOf(credited).drawn).toEqual({ spent: 0, reserved: 0.1 });
  });

  it('is full for a limit of zero that is passed, and empty for one that is kept', () => {
    const zero = { budget: { id: 'a', name: null, scope, window: 'day', action: 'block' } } as const;
    expect(rowOf(exampleBudgets.stopped).drawn).toEqual({ spent: 1, reserved: 0 });
    expect(rowOf(budgetEntry({ ...zero, unit: 'tokens', limit: 0, spent: 0 })).drawn).toEqual({
      spent: 0,
      reserved: 0,
    });
  });
});

describe('levels', () => {
  it('are those that warn and the limit, with the instant where one was noticed', () => {
    expect(rowOf(exampleBudgets.contract).levels).toEqual([
      { level: 0.5, passed: true, at: '2026-11-20T04:42:00.000Z' },
      { level: 0.8, passed: true, at: '2026-11-20T07:12:00.000Z' },
      { level: 1, passed: false, at: null },
    ]);
  });

  it('are passed before anybody has noticed it', () => {
    const { contract } = exampleBudgets;
    const unnoticed = { ...contract, status: { ...contract.status, crossings: [] } };
    expect(rowOf(unnoticed).levels.map(({ passed, at }) => [passed, at])).toEqual([
      [true, null],
      [true, null],
      [false, null],
    ]);
  });

  it('keep one that was passed and is no longer asked for', () => {
    const { contract } = exampleBudgets;
    const changed = { ...contract, budget: { ...contract.budget, warnAt: [0.95] } };
    expect(rowOf(changed).levels.map(({ level }) => level)).toEqual([0.5, 0.8, 0.95, 1]);
  });
});

describe('reached', () => {
  it('counts what is reserved: that decides about the next call', () => {
    const held = budgetEntry({
      budget: { id: 'a', name: null, scope, window: 'day', action: 'block' },
      unit: 'money',
      limit: 10,
      spent: 6,
      reserved: 4,
    });
    expect(rowOf(held).status.state).toBe('inside');
    expect(rowOf(held).reached).toBe(true);
    expect(rowOf(exampleBudgets.contract).reached).toBe(false);
  });
});
