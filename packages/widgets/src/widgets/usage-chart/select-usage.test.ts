import type { UsageOverTime } from '@tallykit/protocol';
import { describe, expect, it } from 'vitest';
import { createFormats } from '../../format/create-formats.ts';
import { createSpeech } from '../../messages/create-speech.ts';
import { pictureOf } from '../../states/widget-state.ts';
import { usageByModel, usageEmpty, usagePending, usageWithheld } from '../../testing/answers/usage-answer.ts';
import { grainsFor } from './grains-for.ts';
import { selectUsage, type UsagePicture } from './select-usage.ts';
import { usageSlots } from './series-slots.ts';
import { bucketTotal, seriesName, usageTable } from './usage-texts.ts';

function drawn(answer: UsageOverTime): UsagePicture {
  const picture = pictureOf(selectUsage(answer));
  if (!picture) throw new Error('The example has no picture.');
  return picture;
}

const words = { formats: createFormats('en', 'Europe/Berlin'), speech: createSpeech('en') };

describe('selectUsage', () => {
  it('puts all others last, as one series that says how many they are', () => {
    const picture = drawn(usageByModel);
    expect(picture.series.map((series) => series.others)).toEqual([0, 0, 0, 0, 0, 9]);
    const wording = { picture, measure: 'cost', ...words } as const;
    expect(picture.series.map((series) => seriesName(series, wording)).at(-1)).toBe('9 others');
  });

  it('knows nothing recorded from not known', () => {
    const picture = drawn(usagePending);
    expect(picture.series[0]?.figures[9]).toEqual({
      cost: { amount: '0', currency: 'USD' },
      tokens: 0,
      calls: 0,
    });
    expect(picture.series[1]?.figures[15]?.cost).toBeNull();
    expect(picture.series[1]?.figures[15]?.calls).toBeGreaterThan(0);
  });

  it('names its states', () => {
    expect(selectUsage(usageByModel).name).toBe('ready');
    expect(selectUsage(usagePending).name).toBe('partial');
    expect(selectUsage(usageWithheld).name).toBe('withheld');
    expect(selectUsage(usageEmpty).name).toBe('empty');
  });

  it('adds a bucket up exactly', () => {
    const [series] = usageByModel.series;
    const [bucket] = usageByModel.buckets;
    if (!series || !bucket) throw new Error('The example is empty.');
    const point = (amount: string) => ({
      calls: 1,
      tokens: 1,
      pendingCalls: 0,
      cost: [{ amount, currency: 'USD' }],
    });
    const answer: UsageOverTime = {
      ...usageByModel,
      buckets: [bucket],
      series: ['0.1', '0.2', '0.000000000001'].map((amount, index) => ({
        ...series,
        key: `model ${index}`,
        points: [point(amount)],
      })),
      others: null,
    };
    expect(bucketTotal(drawn(answer), 0).cost).toEqual({ amount: '0.300000000001', currency: 'USD' });
  });

  it('names calls without a group instead of leaving them out', () => {
    const [series] = usageByModel.series;
    if (!series) throw new Error('The example is empty.');
    const picture = drawn({ ...usageByModel, series: [{ ...series, key: null, label: null }] });
    const [unnamed] = picture.series;
    expect(unnamed && seriesName(unnamed, { picture, measure: 'calls', ...words })).toBe('no model');
  });

  it('has a column for each series and the total', () => {
    const table = usageTable({ picture: drawn(usageByModel), measure: 'tokens', ...words });
    expect(table.columns.at(-1)).toBe('Total');
    expect(table.columns.length).toBe(8);
    for (const row of table.rows) expect(row.cells.length).toBe(7);
  });
});

describe('colours', () => {
  it('are kept by a series when another measure or range changes its rank', () => {
    const memory = new Map();
    const picture = drawn(usageByModel);
    const before = usageSlots(picture, memory);
    const turned = { ...picture, series: picture.series.toReversed() };
    expect(usageSlots(turned, memory)).toEqual(before.toReversed());
    expect(before.at(-1)).toBe('others');
  });
});

describe('grainsFor', () => {
  it('offers steps that give neither one bucket nor hundreds', () => {
    const range = (days: number) => ({
      from: '2026-01-01T00:00:00Z',
      to: new Date(Date.UTC(2026, 0, 1 + days)).toISOString(),
    });
    expect(grainsFor(range(1))).toEqual(['hour', 'day']);
    expect(grainsFor(range(30))).toEqual(['day', 'week']);
    expect(grainsFor(range(90))).toEqual(['day', 'week', 'month']);
  });
});
