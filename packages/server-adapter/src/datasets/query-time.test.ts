import { describe, expect, it } from 'vitest';
import { askTokenUsage as ask } from '../testing/questions/ask-token-usage.ts';
import { createQuestionStand } from '../testing/questions/question-stand.ts';

const usd = (list: string) => ({ list });

describe('time', () => {
  it.each([
    ['a day of 23 hours', '2026-03-28T23:00:00Z', '2026-03-29T21:59:59Z', '2026-03-29T22:00:00Z'],
    ['a day of 25 hours', '2026-10-24T22:00:00Z', '2026-10-25T22:59:59Z', '2026-10-25T23:00:00Z'],
  ])('holds %s whole in a zone', async (_name, first, last, next) => {
    const stand = await createQuestionStand({
      now: '2026-10-30T10:00:00Z',
      timeZone: 'Europe/Berlin',
      settings: { tokenUsageWindowDays: 400 },
    });
    await stand.calls(
      { at: first, cost: usd('1') },
      { at: last, cost: usd('1') },
      { at: next, cost: usd('1') },
    );
    const { rows } = await ask(stand, {
      measures: ['calls'],
      dimensions: ['time'],
      from: '2026-01-31T23:00:00Z',
    });
    expect(rows).toEqual([
      [new Date(first).toISOString(), 2],
      [new Date(next).toISOString(), 1],
    ]);
  });

  it('cuts months by the zone that the query names', async () => {
    const stand = await createQuestionStand({ timeZone: 'Europe/Berlin' });
    await stand.calls({ at: '2026-10-31T23:30:00Z', cost: usd('1') });
    const by = async (timeZone: string) =>
      (await ask(stand, { measures: ['calls'], dimensions: ['time'], grain: 'month', timeZone })).rows;
    expect(await by('Europe/Berlin')).toEqual([['2026-10-31T23:00:00.000Z', 1]]);
    expect(await by('UTC')).toEqual([['2026-10-01T00:00:00.000Z', 1]]);
    expect(await by('Asia/Kathmandu')).toEqual([['2026-10-31T18:15:00.000Z', 1]]);
  });

  it('answers 120 days with a note and 90 days, not with zeros', async () => {
    const stand = await createQuestionStand();
    await stand.calls(
      { at: '2026-08-01T09:00:00Z', cost: usd('1') },
      { at: '2026-11-01T09:00:00Z', cost: usd('1') },
    );
    const answer = await ask(stand, {
      measures: ['calls'],
      dimensions: ['time'],
      from: '2026-07-23T00:00:00Z',
    });
    expect(answer.truncatedBefore).toBe('2026-08-23T00:00:00.000Z');
    expect(answer.range.from).toBe('2026-07-23T00:00:00.000Z');
    expect(answer.rows).toEqual([['2026-11-01T00:00:00.000Z', 1]]);
  });

  it('reaches back 90 days unless told, without a note', async () => {
    const answer = await ask(await createQuestionStand(), { measures: ['calls'] });
    expect(answer.range).toEqual({
      from: '2026-08-23T00:00:00.000Z',
      to: '2026-11-20T10:42:00.000Z',
      timeZone: 'UTC',
    });
    expect(answer.truncatedBefore).toBeUndefined();
  });

  it('tells the bucket that is still open, and none where the range holds none', async () => {
    const stand = await createQuestionStand();
    const open = await ask(stand, { measures: ['calls'], dimensions: ['time'], grain: 'week' });
    expect(open.freshness.openBucket).toEqual({
      start: '2026-11-16T00:00:00.000Z',
      end: '2026-11-23T00:00:00.000Z',
    });
    const closed = await ask(stand, {
      measures: ['calls'],
      dimensions: ['time'],
      to: '2026-11-01T00:00:00Z',
    });
    expect(closed.freshness.openBucket).toBeNull();
  });

  it('tells that sums lag behind the log', async () => {
    const stand = await createQuestionStand();
    const lagging = stand.store.advanceRollups.bind(stand.store);
    Object.assign(stand.store, { advanceRollups: async () => ({ from: 0, to: 0, head: 0 }) });
    stand.clock.set(Date.parse('2026-11-20T10:00:00Z'));
    await stand.calls({ at: '2026-11-20T09:59:00Z', cost: usd('1') });
    stand.clock.set(Date.parse('2026-11-20T11:00:00Z'));
    expect((await ask(stand, { measures: ['calls'] })).freshness.asOf).not.toBe('2026-11-20T11:00:00.000Z');
    await lagging(1000);
    expect((await ask(stand, { measures: ['calls'] })).freshness.asOf).toBe('2026-11-20T11:00:00.000Z');
  });
});
