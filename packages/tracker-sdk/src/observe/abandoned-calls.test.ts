import { expect, test } from 'vitest';
import { createTestTracker } from '../testing/create-test-tracker.ts';
import { doneEnd } from './classify-error.ts';

const hour = 3_600_000;

function startLate() {
  let time = 1_790_000_000_000;
  const tracker = createTestTracker({ now: () => time });
  const call = tracker.recorder.start({ provider: 'openai', operation: 'chat', requestModel: 'gpt-4o' });
  const pass = async (milliseconds: number): Promise<void> => {
    time += milliseconds;
    await tracker.flush();
  };
  return { tracker, call, pass };
}

test('a call without a sign of life is recorded as left behind after an hour', async () => {
  const { tracker, pass } = startLate();
  await pass(hour - 1);
  expect(tracker.stats().unfinished).toBe(1);
  await pass(1);
  expect(await tracker.calls()).toMatchObject([{ status: 'aborted', errorClass: 'abandoned' }]);
});

test('a stream that goes on for hours is recorded when it ends, with all that it told', async () => {
  const { tracker, call, pass } = startLate();
  for (let turn = 0; turn < 5; turn++) {
    await pass(hour - 1);
    call.chunk('');
  }
  call.facts.usage = { input: 9, output: 70_000 };
  call.end(doneEnd);
  expect(await tracker.calls()).toMatchObject([
    { status: 'ok', complete: true, durationMs: 5 * (hour - 1), usage: { input: 9, output: 70_000 } },
  ]);
});

test('a stream that was read and then left is recorded an hour after what it last gave', async () => {
  const { tracker, call, pass } = startLate();
  await pass(hour / 2);
  call.chunk('');
  await pass(hour / 2);
  expect(tracker.stats().unfinished).toBe(1);
  await pass(hour);
  expect(await tracker.calls()).toMatchObject([{ errorClass: 'abandoned' }]);
});

test('shutdown ends also a stream that gives something at that moment', async () => {
  const { tracker, call } = startLate();
  call.chunk('');
  await tracker.shutdown();
  expect(tracker.stats()).toMatchObject({ unfinished: 0, recorded: 1 });
});
