import { describe, expect, it } from 'vitest';
import { askInsight } from '../testing/questions/ask-insight.ts';
import { createQuestionStand, operator, refusalOf } from '../testing/questions/question-stand.ts';
import { putProviderLines } from './put-provider-lines.ts';

const line = {
  sourceId: 'openai/2026-11-10',
  provider: 'openai',
  from: '2026-11-10T00:00:00Z',
  to: '2026-11-11T00:00:00Z',
  cost: { amount: '1.25', currency: 'USD' },
  fetchedAt: '2026-11-12T00:00:00Z',
};

describe('putProviderLines', () => {
  it('supersedes a line that is restated, and counts each source once', async () => {
    const { store, clock, door } = await createQuestionStand();
    const put = (...lines: readonly unknown[]) => putProviderLines(store, { lines }, clock);
    expect(await put(line)).toEqual({ stored: 1, unchanged: 0 });
    expect(await put(line)).toEqual({ stored: 0, unchanged: 1 });
    const restated = { ...line, cost: { amount: '2', currency: 'USD' }, fetchedAt: '2026-11-13T00:00:00Z' };
    expect(await put(restated, { ...line, sourceId: 'other' })).toEqual({ stored: 2, unchanged: 0 });
    const { totals } = await askInsight(door, operator, 'reconciliation-status');
    expect(totals?.reported).toEqual([{ amount: '3.25', currency: 'USD' }]);
  });

  it.each([
    ['an end before its start', { to: '2026-11-09T00:00:00Z' }, '/lines/0/to'],
    ['more than one UTC day', { to: '2026-11-11T00:00:01Z' }, '/lines/0/to'],
    ['nothing to compare', { cost: undefined }, '/lines/0'],
    ['usage of nothing', { cost: undefined, usage: {} }, '/lines/0'],
    ['a field of the raw report', { raw: { organization: 'org-secret' } }, '/lines/0/raw'],
    ['an amount that is no decimal', { cost: { amount: '1e3', currency: 'USD' } }, '/lines/0/cost/amount'],
  ])('refuses a line with %s', async (_name, change, pointer) => {
    const { store, clock } = await createQuestionStand();
    const body = { lines: [{ ...line, ...change }] };
    const error = await putProviderLines(store, body, clock).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ status: 400, errors: [{ pointer }] });
    expect(JSON.stringify(error)).not.toContain('org-secret');
  });

  it('refuses the same line twice in one batch, as which of them holds cannot be known', async () => {
    const { store, clock } = await createQuestionStand();
    expect(await refusalOf(putProviderLines(store, { lines: [line, line] }, clock))).toMatchObject({
      status: 400,
      code: 'invalid_rows',
    });
    const other = { ...line, provider: 'anthropic' };
    expect(await putProviderLines(store, { lines: [line, other] }, clock)).toEqual({
      stored: 2,
      unchanged: 0,
    });
  });
});
