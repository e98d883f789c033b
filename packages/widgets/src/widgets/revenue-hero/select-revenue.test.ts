import { describe, expect, it } from 'vitest';
import { createFormats } from '../../format/create-formats.ts';
import { createSpeech } from '../../messages/create-speech.ts';
import { pictureOf } from '../../states/widget-state.ts';
import {
  revenueAnswer,
  revenueEmpty,
  revenueWithheld,
  revenueZero,
} from '../../testing/answers/revenue-answer.ts';
import { isMonth } from './is-month.ts';
import { comparedDays, revenueTitle } from './revenue-texts.ts';
import { selectRevenue } from './select-revenue.ts';

describe('selectRevenue', () => {
  it('shows a month without invoices as zero only when there was revenue before', () => {
    expect(selectRevenue(revenueEmpty).name).toBe('empty');
    const zero = selectRevenue(revenueZero);
    expect(zero.name).toBe('ready');
    expect(pictureOf(zero)?.invoiced).toEqual({ amount: '0', currency: 'USD' });
    expect(pictureOf(zero)?.change).toBe(-1);
  });

  it('gives nothing away where amounts are withheld', () => {
    expect(selectRevenue(revenueWithheld)).toEqual({ name: 'withheld', picture: null });
  });

  it('leaves days that have not begun without a bar', () => {
    const last = revenueAnswer.series.at(-1);
    if (!last) throw new Error('The example is empty.');
    const tomorrow = { ...last, start: last.end, end: '2026-11-21T23:00:00.000Z', invoiced: [], invoices: 0 };
    const picture = pictureOf(
      selectRevenue({ ...revenueAnswer, series: [...revenueAnswer.series, tomorrow] }),
    );
    expect(picture?.buckets.at(-1)?.invoiced).toBeNull();
    expect(picture?.buckets.at(-2)?.invoiced).not.toBeNull();
  });

  it('compares as many days as have begun', () => {
    const picture = pictureOf(selectRevenue(revenueAnswer));
    expect(picture && comparedDays(picture)).toEqual({ count: 20, monthly: true });
  });
});

describe('the title', () => {
  const formats = createFormats('en-GB', 'Europe/Berlin');
  const speech = createSpeech('en-GB');

  it('names the month in the zone of the answer', () => {
    // In UTC this range begins on 31 October.
    expect(
      isMonth({ from: '2026-10-31T23:00:00Z', to: '2026-11-20T09:42:00Z', timeZone: 'Europe/Berlin' }),
    ).toBe(true);
    expect(revenueTitle({ range: revenueAnswer.range }, formats, speech)).toBe('Revenue, November');
  });

  it('names its days when the range is no month', () => {
    const range = { from: '2026-11-08T23:00:00Z', to: '2026-11-20T09:42:00Z', timeZone: 'Europe/Berlin' };
    expect(revenueTitle({ range }, formats, speech)).toMatch(/^Revenue, 9 ?– ?20 Nov$/);
  });
});
