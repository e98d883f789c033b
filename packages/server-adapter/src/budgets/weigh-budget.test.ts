import type { BudgetLimit } from '@tallykit/protocol';
import { describe, expect, it } from 'vitest';
import type { BudgetSpend, StoredBudget } from '../storage/contract/budget-store.ts';
import { budgetRules, fractionOf, hasRoomFor, heldFor, weighBudget } from './weigh-budget.ts';

const nothing: BudgetSpend = {
  calls: 0,
  tokens: null,
  amount: null,
  pendingCalls: 0,
  pendingTokens: null,
  otherCurrencies: [],
  reservedAmount: '0',
  reservedTokens: 0,
  admittedLately: 0,
};

const dollars = (amount: string): BudgetLimit => ({ unit: 'money', amount, currency: 'USD' });
const tokens = (amount: number): BudgetLimit => ({ unit: 'tokens', amount });

const reading = (
  limit: BudgetLimit,
  spend: Partial<BudgetSpend> = {},
  budget: Partial<StoredBudget> = {},
) => ({
  budget: {
    id: 'b',
    name: null,
    scope: { customerId: 'c', productId: null, flow: null, keyId: null },
    limit,
    window: 'day',
    action: 'block',
    warnAt: [0.5, 0.8],
    callsPerMinute: null,
    owner: 'organization',
    amountKind: 'charge',
    createdAt: 0,
    updatedAt: 0,
    ...budget,
  } satisfies StoredBudget,
  spend: { ...nothing, ...spend },
});

describe('a budget', () => {
  it.each([
    ['0', 'inside', 'allow'],
    ['0.499999999999', 'inside', 'allow'],
    ['0.5', 'warned', 'allow'],
    ['0.999999999999', 'warned', 'allow'],
    ['1', 'over', 'block'],
    ['12345678901234567890.000000000001', 'over', 'block'],
  ])('of a dollar with %s spent is %s and says %s', (amount, state, decision) => {
    expect(weighBudget(reading(dollars('1'), { calls: 1, amount }))).toMatchObject({ state, decision });
  });

  it('is compared exactly, where floats would not be', () => {
    const spent = { calls: 3, amount: '0.3' };
    expect(0.1 * 3).not.toBe(0.3);
    expect(weighBudget(reading(dollars('0.3'), spent)).state).toBe('over');
    expect(weighBudget(reading(dollars('0.300000000001'), spent)).state).toBe('warned');
    // 0.7 of 1.1 is 0.77 and not 0.7699999999999999.
    const level = reading(dollars('1.1'), { calls: 1, amount: '0.77' }, { warnAt: [0.7] });
    expect(weighBudget(level).state).toBe('warned');
  });

  it('decides by what is reserved as well, and stands by what is spent', () => {
    const held = reading(dollars('1'), { calls: 1, amount: '0.25', reservedAmount: '0.75' });
    expect(weighBudget(held)).toMatchObject({ state: 'inside', decision: 'block', reserved: '0.75' });
  });

  it('of nothing allows nothing, and has no fraction', () => {
    const weighed = weighBudget(reading(dollars('0')));
    expect(weighed).toMatchObject({ state: 'over', decision: 'block' });
    expect(fractionOf(weighed)).toBeNull();
  });

  it('tells nothing spent from nothing known', () => {
    expect(weighBudget(reading(dollars('1'))).spent).toBe('0');
    const waiting = weighBudget(reading(dollars('1'), { calls: 2, pendingCalls: 2 }));
    expect(waiting).toMatchObject({ spent: null, state: 'inside', decision: 'allow' });
    expect(fractionOf(waiting)).toBeNull();
    expect(weighBudget(reading(tokens(5), { calls: 1 })).spent).toBeNull();
  });

  it.each([
    ['alert', 'allow'],
    ['throttle', 'throttle'],
    ['block', 'block'],
  ] as const)('that is over says by its action %s: %s', (action, decision) => {
    expect(weighBudget(reading(tokens(5), { calls: 1, tokens: 5 }, { action })).decision).toBe(decision);
  });

  it('passes its levels and the limit, each once', () => {
    const rules = budgetRules(0, 'UTC');
    const passed = (amount: string, warnAt: readonly number[]) => {
      const { budget, spend } = reading(dollars('1'), { calls: 1, amount }, { warnAt });
      return rules.levelsPassed(budget, spend);
    };
    expect(passed('0.8', [0.8, 0.5])).toEqual([0.5, 0.8]);
    expect(passed('1.2', [1, 0.5, 1.5])).toEqual([0.5, 1]);
    expect(passed('1.2', [])).toEqual([1]);
  });
});

describe('what is held for a call', () => {
  it.each([
    ['its estimate', dollars('10'), { amount: '0.5', currency: 'USD' }, {}, '0.5'],
    ['its estimate in tokens', tokens(5000), { tokens: 70 }, {}, '70'],
    ['the average', dollars('10'), undefined, { calls: 3, amount: '1' }, '0.333333333333'],
    [
      'the average of calls with a cost',
      dollars('10'),
      {},
      { calls: 3, pendingCalls: 1, amount: '1' },
      '0.5',
    ],
    ['the average in tokens, rounded up', tokens(5000), {}, { calls: 3, tokens: 100 }, '34'],
    ['a thousandth of the limit', dollars('10'), undefined, { calls: 1000, amount: '1' }, '0.01'],
    ['a thousandth of the tokens', tokens(5001), {}, {}, '6'],
    [
      'the average, where the estimate is in another currency',
      dollars('1'),
      { amount: '9', currency: 'EUR' },
      {},
      '0.001',
    ],
    ['at least one token', tokens(0), {}, {}, '1'],
  ])('is %s', (...[, limit, estimate, spend, held]) => {
    expect(heldFor(reading(limit, spend), estimate)).toBe(held);
  });

  it('fits up to the limit, and not into a budget that is reached', () => {
    const half = reading(dollars('1'), { calls: 1, amount: '0.25', reservedAmount: '0.25' });
    expect(hasRoomFor(half, '0.5')).toBe(true);
    expect(hasRoomFor(half, '0.500000000001')).toBe(false);
    expect(hasRoomFor(reading(dollars('1'), { calls: 1, amount: '1' }), '0')).toBe(false);
  });
});
