import { datasetAnswerSchema } from '@tallykit/protocol';
import { describe, expect, it } from 'vitest';
import { createQuestionStand, operator, refusalOf } from '../testing/questions/question-stand.ts';
import { tellEvents, type ToldEvent } from '../testing/questions/tell-events.ts';
import { queryDataset } from './query-dataset.ts';

const at = '2026-11-19T09:00:00Z';

describe('funnel', () => {
  const measures = ['runs', 'drop_off', 'share'];
  const filters = [{ field: 'flow_id', operator: 'eq' as const, values: ['onboarding'] }];

  async function rowsOf({ door }: Awaited<ReturnType<typeof tenSixThree>>, query: object) {
    const answer = await queryDataset(door, operator, 'funnel', query);
    expect(datasetAnswerSchema.parse(answer)).toEqual(answer);
    return answer.rows;
  }

  async function tenSixThree() {
    const stand = await createQuestionStand();
    const steps = ['asked', 'answered', 'booked'];
    await stand.store.putFlows([{ id: 'onboarding', name: 'Onboarding', steps }], 0);
    const reached = [10, 6, 3].flatMap((count, index) =>
      Array.from({ length: count }, (_, number): ToldEvent => ({
        kind: 'flow_step',
        flow: 'onboarding',
        runId: `run ${number}`,
        step: steps[index],
      })),
    );
    await tellEvents(stand, at, ...reached, ...reached.slice(0, 4));
    return stand;
  }

  it('shows the steps in the order of the registry, and what was lost at each', async () => {
    expect(await rowsOf(await tenSixThree(), { measures, filters })).toEqual([
      ['asked', 10, null, '1'],
      ['answered', 6, '0.4', '0.6'],
      ['booked', 3, '0.5', '0.3'],
    ]);
  });

  it('shows a step that nobody reached, and one that nobody registered', async () => {
    const stand = await tenSixThree();
    await stand.store.putFlows([{ id: 'onboarding', name: 'Onboarding', steps: ['asked', 'called'] }], 0);
    expect(await rowsOf(stand, { measures: ['runs', 'drop_off'], filters })).toEqual([
      ['asked', 10, null],
      ['called', 0, '1'],
      ['answered', 6, null],
      ['booked', 3, '0.5'],
    ]);
  });

  it.each([
    ['without a flow', {}, 'flow_required'],
    ['with two flows', { filters: [...filters, { ...filters[0], values: ['reply'] }] }, 'flow_required'],
    ['cut by something else', { filters, dimensions: ['customer'] }, 'invalid_query'],
    ['in another order', { filters, orderBy: [{ field: 'runs', direction: 'asc' }] }, 'invalid_query'],
  ])('does not run %s', async (_how, changes, code) => {
    const stand = await tenSixThree();
    expect(
      await refusalOf(queryDataset(stand.door, operator, 'funnel', { measures, ...changes })),
    ).toMatchObject({ status: 400, code });
  });
});
