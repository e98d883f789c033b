import { reconciliationStates } from '@tallykit/protocol';
import { describe, expect, it } from 'vitest';
import { createFormats } from '../../format/create-formats.ts';
import { createSpeech } from '../../messages/create-speech.ts';
import { pictureOf } from '../../states/widget-state.ts';
import {
  reconciliationAnswer,
  reconciliationEmpty,
  reconciliationForCustomer,
  reconciliationPending,
  reconciliationWithheld,
} from '../../testing/answers/reconciliation-answer.ts';
import { reasonText, reconciliationTable } from './reconciliation-texts.ts';
import { selectReconciliation } from './select-reconciliation.ts';
import { stateMarks, stateOrder } from './state-marks.ts';

describe('selectReconciliation', () => {
  it('names its states', () => {
    expect(selectReconciliation(reconciliationAnswer).name).toBe('ready');
    expect(selectReconciliation(reconciliationPending).name).toBe('partial');
    expect(selectReconciliation(reconciliationEmpty).name).toBe('empty');
    expect(selectReconciliation(reconciliationWithheld).name).toBe('withheld');
    expect(selectReconciliation({ ...reconciliationAnswer, state: 'not_configured' }).name).toBe(
      'not_configured',
    );
  });

  it('holds for a customer no amount and no name of a provider', () => {
    const picture = pictureOf(selectReconciliation(reconciliationForCustomer));
    expect(picture?.form).toBe('customer');
    const said = JSON.stringify(picture);
    expect(said).not.toMatch(/openai|anthropic|bedrock|vertex|"amount"/);
  });

  it('gives every provider a cell for every day, also where a report is missing', () => {
    const [first, ...others] = reconciliationAnswer.providers;
    if (!first) throw new Error('The example is empty.');
    const answer = {
      ...reconciliationAnswer,
      providers: [{ ...first, days: first.days.slice(3) }, ...others],
    };
    const picture = pictureOf(selectReconciliation(answer));
    for (const row of picture?.rows ?? []) expect(row.cells.map((cell) => cell.day)).toEqual(picture?.days);
    expect(picture?.rows[0]?.cells[0]?.state).toBe('waiting');
  });

  it('says which days may still change', () => {
    expect(pictureOf(selectReconciliation(reconciliationForCustomer))?.provisional).toEqual({
      first: '2026-11-19',
      last: '2026-11-20',
      count: 2,
    });
  });

  it('says an unexplained amount in the table only where there is one', () => {
    const picture = pictureOf(selectReconciliation(reconciliationAnswer));
    if (!picture) throw new Error('The example has no picture.');
    const table = reconciliationTable({
      picture,
      formats: createFormats('en', 'UTC'),
      speech: createSpeech('en'),
    });
    const cells = table.rows.flatMap((row) => row.cells);
    expect(cells.filter((cell) => cell.includes('$5.90')).length).toBe(1);
    expect(cells.some((cell) => cell.includes('$0.00'))).toBe(false);
  });
});

describe('marks', () => {
  it('tell every two states apart by more than colour', () => {
    const looks = reconciliationStates.map((state) => {
      const { tone, sign } = stateMarks[state];
      // A mark without a sign is told by its outline: filled, empty, dotted.
      return sign === '' ? `outline of ${tone}` : sign;
    });
    expect(new Set(looks).size).toBe(looks.length);
  });

  it('have an order that leaves no state out', () => {
    expect(stateOrder.toSorted()).toEqual(reconciliationStates.toSorted());
  });
});

describe('reasons', () => {
  it('that are newer than these texts still say something', () => {
    expect(reasonText('bypass_traffic', createSpeech('en'))).toBe('calls that did not pass the tracker');
    expect(reasonText('cosmic_rays', createSpeech('en'))).toBe('cosmic rays');
  });
});
