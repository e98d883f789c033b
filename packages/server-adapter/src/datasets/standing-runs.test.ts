import type { FlowRunEvent } from '@tallykit/protocol';
import { expect, it } from 'vitest';
import { uuidV7 } from '../primitives/uuid-v7.ts';
import { standingRuns } from './standing-runs.ts';

function told(
  second: number,
  status: FlowRunEvent['status'],
  more: Partial<FlowRunEvent> = {},
): FlowRunEvent {
  return {
    kind: 'flow_run',
    id: uuidV7(1_700_000_000_000 + second * 1000),
    traceId: 'a'.repeat(32),
    flow: 'triage',
    runId: 'r1',
    trigger: 'user',
    status,
    ...more,
  };
}

const stands = (...events: FlowRunEvent[]) =>
  standingRuns(events).map(({ first, standing }) => [first.id, standing.status]);

it('stands as it was told last', () => {
  const [begun, ended] = [told(1, 'running'), told(2, 'completed')];
  expect(stands(ended, begun)).toEqual([[begun.id, 'completed']]);
});

it('never runs again after an end, whichever clock told it', () => {
  const [ended, begun] = [told(1, 'failed'), told(2, 'running')];
  expect(stands(begun, ended)).toEqual([[ended.id, 'failed']]);
});

it('tells runs of other flows and customers apart', () => {
  expect(
    stands(
      told(1, 'running'),
      told(2, 'completed', { flow: 'reply' }),
      told(3, 'aborted', { customerId: 'c' }),
    ),
  ).toHaveLength(3);
});
