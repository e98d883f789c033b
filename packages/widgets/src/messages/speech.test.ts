import { describe, expect, it } from 'vitest';
import { english } from './english.ts';
import { budgetEnglish } from './english/budget.ts';
import { reconciliationEnglish } from './english/reconciliation.ts';
import { revenueEnglish } from './english/revenue.ts';
import { everyWidgetEnglish } from './english/every-widget.ts';
import { tokenSpendEnglish } from './english/token-spend.ts';
import { usageEnglish } from './english/usage.ts';
import { speechOf, type Texts } from './speech.ts';

const speech = (own: Texts = {}) =>
  speechOf({ locale: 'en', own, direction: 'ltr', texts: everyWidgetEnglish });

describe('speechOf', () => {
  it('says a widget’s texts once it has them, and the shared ones as before', () => {
    const { say } = speech().with(budgetEnglish);
    expect(say('budget.title')).toBe('Budgets');
    expect(say('card.loading')).toBe('Loading');
  });

  it('says the host’s own text before a widget’s', () => {
    expect(speech({ 'budget.title': 'Limits' }).with(budgetEnglish).say('budget.title')).toBe('Limits');
  });

  it('shows the name of a text that is missing, and never breaks', () => {
    expect(speech().say('budget.title')).toBe('budget.title');
  });

  it('knows which texts there are', () => {
    expect(speech().knows('budget.title')).toBe(false);
    expect(speech().with(budgetEnglish).knows('budget.title')).toBe(true);
    expect(speech().knows('toString')).toBe(false);
  });
});

describe('the English texts', () => {
  const parts = [
    everyWidgetEnglish,
    tokenSpendEnglish,
    usageEnglish,
    revenueEnglish,
    reconciliationEnglish,
    budgetEnglish,
  ];

  it('are those of all widgets, each in one place', () => {
    const names = parts.flatMap((part) => Object.keys(part));
    expect(new Set(names).size).toBe(names.length);
    expect(Object.keys(english).toSorted()).toEqual(names.toSorted());
  });
});
