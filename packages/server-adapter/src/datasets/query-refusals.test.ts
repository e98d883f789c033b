import { describe, expect, it } from 'vitest';
import { askTokenUsage as ask } from '../testing/questions/ask-token-usage.ts';
import { adminOf, createQuestionStand, operator, refusalOf } from '../testing/questions/question-stand.ts';
import { queryDataset } from './query-dataset.ts';

const usd = (list: string) => ({ list });

describe('refusals', () => {
  it.each([
    ['no measure', { measures: [] }, 'invalid_request', '/measures'],
    ['an unknown key', { measures: ['calls'], where: '1=1' }, 'invalid_request', '/where'],
    [
      'a text that looks like SQL',
      { measures: ['calls; drop table event'] },
      'invalid_request',
      '/measures/0',
    ],
    ['an unknown measure', { measures: ['calls', 'latency'] }, 'invalid_query', '/measures/1'],
    ['an unknown dimension', { measures: ['calls'], dimensions: ['user'] }, 'invalid_query', '/dimensions/0'],
    ['a measure twice', { measures: ['calls', 'calls'] }, 'invalid_query', '/measures/1'],
    [
      'an unknown filter',
      { measures: ['calls'], filters: [{ field: 'time', operator: 'eq', values: ['x'] }] },
      'invalid_query',
      '/filters/0/field',
    ],
    [
      'an unknown operator',
      { measures: ['calls'], filters: [{ field: 'flow', operator: 'like', values: ['x'] }] },
      'invalid_request',
      '/filters/0/operator',
    ],
    [
      'an operator that the field lacks',
      { measures: ['calls'], filters: [{ field: 'flow', operator: 'gt', values: ['x'] }] },
      'invalid_query',
      '/filters/0/operator',
    ],
    [
      'no value',
      { measures: ['calls'], filters: [{ field: 'flow', operator: 'eq' }] },
      'invalid_query',
      '/filters/0/values',
    ],
    [
      'a value too many',
      { measures: ['calls'], filters: [{ field: 'flow', operator: 'isNull', values: ['x'] }] },
      'invalid_query',
      '/filters/0/values',
    ],
    [
      'an order by what is not selected',
      { measures: ['calls'], orderBy: [{ field: 'cost', direction: 'asc' }] },
      'invalid_query',
      '/orderBy/0/field',
    ],
    ['a grain without time', { measures: ['calls'], grain: 'day' }, 'invalid_query', '/grain'],
    [
      'a zone that is none',
      { measures: ['calls'], timeZone: 'Mars/Olympus' },
      'invalid_request',
      '/timeZone',
    ],
    [
      'an end before the start',
      { measures: ['calls'], from: '2026-11-02T00:00:00Z', to: '2026-11-01T00:00:00Z' },
      'invalid_query',
      '/from',
    ],
  ])('refuses %s by name', async (_name, body, code, pointer) => {
    const stand = await createQuestionStand();
    const error = await queryDataset(stand.door, operator, 'token_usage', body).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({ status: 400, code, errors: [expect.objectContaining({ pointer })] });
  });

  it('knows no dataset by another id', async () => {
    const stand = await createQuestionStand();
    for (const id of ['nope', 'cost_entries', '__proto__']) {
      expect(await refusalOf(queryDataset(stand.door, operator, id, { measures: ['calls'] }))).toMatchObject({
        status: 404,
        code: 'dataset_not_found',
      });
    }
  });

  it('takes ids that look like SQL as the texts they are', async () => {
    const stand = await createQuestionStand();
    const flow = `x' OR '1'='1`;
    await stand.calls(
      { at: '2026-11-19T09:00:00Z', flow, cost: usd('1') },
      { at: '2026-11-19T09:00:00Z', flow: 'y', cost: usd('2') },
    );
    const { rows } = await ask(stand, {
      measures: ['cost'],
      dimensions: ['flow'],
      filters: [{ field: 'flow_id', operator: 'eq', values: [flow] }],
    });
    expect(rows).toEqual([[flow, '1']]);
  });

  it('says what to do where no sums answer', async () => {
    const stand = await createQuestionStand();
    const refused = await refusalOf(
      ask(stand, { measures: ['calls'], dimensions: ['flow', 'product', 'model', 'configuration'] }),
    );
    expect(refused).toMatchObject({ status: 400, code: 'too_detailed' });
    expect(refused.text).toContain('at most 31 days');
    const narrow = await ask(
      stand,
      {
        measures: ['calls'],
        dimensions: ['flow', 'product', 'model', 'configuration'],
        from: '2026-11-01T00:00:00Z',
      },
      adminOf('cus_1'),
    );
    expect(narrow.rows).toEqual([]);
  });
});
