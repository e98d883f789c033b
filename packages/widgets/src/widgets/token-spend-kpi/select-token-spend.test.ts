import { describe, expect, it } from 'vitest';
import {
  tokenSpendAllPending,
  tokenSpendAnswer,
  tokenSpendEmpty,
  tokenSpendPending,
  tokenSpendTwoCurrencies,
  tokenSpendWithheld,
} from '../../testing/answers/token-spend-answer.ts';
import { pictureOf } from '../../states/widget-state.ts';
import { selectTokenSpend } from './select-token-spend.ts';

describe('selectTokenSpend', () => {
  it('is partial while a call has no price, and empty only without any call', () => {
    expect(selectTokenSpend(tokenSpendAnswer).name).toBe('ready');
    expect(selectTokenSpend(tokenSpendPending).name).toBe('partial');
    expect(selectTokenSpend(tokenSpendAllPending).name).toBe('partial');
    expect(selectTokenSpend(tokenSpendEmpty).name).toBe('empty');
    expect(selectTokenSpend(tokenSpendWithheld).name).toBe('withheld');
  });

  it('never shows calls without a price as a spend of nothing', () => {
    expect(pictureOf(selectTokenSpend(tokenSpendAllPending))?.spend).toBeNull();
    const [bucket] = tokenSpendAnswer.series;
    if (!bucket) throw new Error('The example has no bucket.');
    const answer = {
      ...tokenSpendAnswer,
      series: [
        { ...bucket, spend: [], calls: 3 },
        { ...bucket, spend: [], calls: 0, tokens: null },
      ],
    };
    expect(pictureOf(selectTokenSpend(answer))?.buckets.map((one) => one.spend)).toEqual([
      null,
      { amount: '0', currency: 'USD' },
    ]);
  });

  it('shows one currency and never adds another to it', () => {
    const first = pictureOf(selectTokenSpend(tokenSpendTwoCurrencies));
    expect(first?.spend).toEqual(tokenSpendAnswer.spend[0]);
    expect(first?.spendBeside).toEqual([{ amount: '312.404100', currency: 'EUR' }]);
    const wished = pictureOf(selectTokenSpend(tokenSpendTwoCurrencies, 'EUR'));
    expect(wished?.spend?.currency).toBe('EUR');
    expect(wished?.change).toBeNull();
  });

  it('has no change without something to compare with', () => {
    expect(pictureOf(selectTokenSpend({ ...tokenSpendAnswer, previous: null }))?.change).toBeNull();
  });
});
