import { describe, expect, it } from 'vitest';
import type { ReadScope } from '../storage/contract/scoped-reader.ts';
import { chooseSource, type ChoiceQuestion } from './choose-node.ts';

const day = 86_400_000;
const start = Date.UTC(2026, 10, 1);
const everyone: ReadScope = { organizationId: 'o', customers: 'all' };
const one: ReadScope = { organizationId: 'o', customers: ['c1'] };

const question = (changes: Partial<ChoiceQuestion> = {}): ChoiceQuestion => ({
  dimensions: [],
  filters: [],
  measures: ['calls'],
  bucket: { grain: 'day', timeZone: 'UTC' },
  range: { from: start, to: start + 19 * day },
  organizationTimeZone: 'UTC',
  scope: everyone,
  ...changes,
});

describe('chooseSource', () => {
  it('takes days without a customer for an operator', () => {
    expect(chooseSource(question({ dimensions: ['model', 'currency'] }))).toBe('day_model');
  });

  it('takes a node keyed by customer for a customer', () => {
    expect(chooseSource(question({ dimensions: ['model'], scope: one }))).toBe('day_customer_model');
    expect(chooseSource(question({ scope: one }))).toBe('day_customer');
  });

  it('takes quarter hours for hours, and for days of another zone', () => {
    expect(chooseSource(question({ dimensions: ['flow'], bucket: { grain: 'hour', timeZone: 'UTC' } }))).toBe(
      'quarter_flow',
    );
    const kathmandu = Date.UTC(2026, 9, 31, 18, 15);
    expect(
      chooseSource(
        question({
          bucket: { grain: 'day', timeZone: 'Asia/Kathmandu' },
          range: { from: kathmandu, to: kathmandu + 90 * day },
        }),
      ),
    ).toBe('quarter_status');
  });

  it('reads events for one customer in a short range only', () => {
    const detailed = { dimensions: ['user', 'flow'], scope: one } as const;
    expect(chooseSource(question(detailed))).toBe('raw');
    expect(chooseSource(question({ ...detailed, range: { from: start, to: start + 32 * day } }))).toBeNull();
    expect(chooseSource(question({ ...detailed, scope: everyone }))).toBeNull();
    const filters = [{ field: 'customer', operator: 'eq', values: ['c1'] }] as const;
    expect(chooseSource(question({ ...detailed, scope: everyone, filters }))).toBe('raw');
  });

  it('counts distinct ids from days, and from events at the grain of hours', () => {
    expect(chooseSource(question({ measures: ['conversations'], dimensions: ['flow'] }))).toBe('day_flow');
    const hours = { measures: ['messages'], bucket: { grain: 'hour', timeZone: 'UTC' } } as const;
    expect(chooseSource(question(hours))).toBe('raw');
    expect(chooseSource(question({ ...hours, range: { from: start, to: start + 60 * day } }))).toBeNull();
  });

  it('does not give a day node a range that begins within a day', () => {
    expect(chooseSource(question({ range: { from: start + 3_600_000, to: start + day } }))).toBe(
      'quarter_status',
    );
    expect(chooseSource(question({ range: { from: start + 1, to: start + day } }))).toBe('raw');
  });
});
