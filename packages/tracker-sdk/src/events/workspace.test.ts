import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { createTestTracker, type TestTracker } from '../testing/create-test-tracker.ts';
import { observeWorkspace } from './workspace.ts';

const began = 1_800_000_000_000;

const secondsOf = async (tracker: TestTracker) =>
  (await tracker.events()).map((event) => (event.kind === 'workspace_runtime' ? event.seconds : 0));

function clocked() {
  let time = began;
  const tracker = createTestTracker({ now: () => time });
  return { tracker, wait: (seconds: number) => (time += seconds * 1000) };
}

test('the time between signs of activity counts', async () => {
  const { tracker, wait } = clocked();
  const workspace = tracker.workspace('ws_1', { customerId: 'cus_1' });
  workspace.active();
  wait(20);
  workspace.active();
  wait(5);
  workspace.active();
  workspace.end();
  expect(await tracker.events()).toMatchObject([
    { kind: 'workspace_runtime', workspaceId: 'ws_1', seconds: 25, customerId: 'cus_1' },
  ]);
});

test('an interval starts when the activity did', async () => {
  const { tracker, wait } = clocked();
  tracker.workspace('ws_1').active();
  wait(30);
  tracker.workspace('ws_1').active();
  tracker.workspace('ws_1').end();
  const [event] = await tracker.events();
  expect(Number.parseInt((event?.id ?? '').replace(/-/g, '').slice(0, 12), 16)).toBe(began);
});

test('a longer silence was no activity', async () => {
  const { tracker, wait } = clocked();
  const workspace = tracker.workspace('ws_1');
  workspace.active();
  wait(10);
  workspace.active();
  wait(600);
  workspace.active();
  wait(7);
  workspace.active();
  workspace.end();
  expect(await secondsOf(tracker)).toEqual([10, 7]);
});

test('long activity is recorded every minute', async () => {
  const { tracker, wait } = clocked();
  const workspace = tracker.workspace('ws_1');
  for (let minute = 0; minute < 10; minute++) {
    workspace.active();
    wait(30);
  }
  workspace.active();
  expect(await secondsOf(tracker)).toEqual([60, 60, 60, 60, 60]);
});

test('two windows on one workspace count once', async () => {
  const { tracker, wait } = clocked();
  const [one, other] = [tracker.workspace('ws_1'), tracker.workspace('ws_1')];
  one.active();
  other.active();
  wait(10);
  one.active();
  other.active();
  one.end();
  other.end();
  expect(await secondsOf(tracker)).toEqual([10]);
});

test('a function counts as long as it runs, and overlapping ones once', async () => {
  const { tracker, wait } = clocked();
  const workspace = tracker.workspace('ws_1');
  let finish = (): void => undefined;
  const long = workspace.during(() => new Promise<void>((resolve) => (finish = resolve)));
  wait(300);
  workspace.during(() => wait(30));
  wait(20);
  finish();
  await long;
  workspace.end();
  expect((await secondsOf(tracker)).reduce((sum, seconds) => sum + seconds)).toBe(350);
});

test('a function keeps what it returns and throws', async () => {
  const { tracker } = clocked();
  const workspace = tracker.workspace('ws_1');
  expect(workspace.during(() => 7)).toBe(7);
  expect(() =>
    workspace.during(() => {
      throw new Error('mine');
    }),
  ).toThrow('mine');
  await expect(workspace.during(() => Promise.reject(new Error('mine too')))).rejects.toThrow('mine too');
});

test('shutdown records what was observed so far, also of a function that still runs', async () => {
  const { tracker, wait } = clocked();
  void tracker.workspace('ws_1').during(() => new Promise(() => undefined));
  wait(42);
  await tracker.shutdown();
  expect(await secondsOf(tracker)).toEqual([42]);
});

test('a clock that goes back counts nothing twice', async () => {
  const { tracker, wait } = clocked();
  const workspace = tracker.workspace('ws_1');
  workspace.active();
  wait(30);
  workspace.active();
  wait(-3600);
  workspace.active();
  wait(10);
  workspace.active();
  workspace.end();
  expect(await secondsOf(tracker)).toEqual([30, 10]);
});

test('whatever the pattern, the seconds are those of the gaps that count, and intervals never overlap', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 200_000 }), { maxLength: 60 }), (gaps) => {
      let time = began;
      const intervals: [number, number][] = [];
      const workspace = observeWorkspace(
        () => time,
        (startedAt, seconds) => intervals.push([startedAt, startedAt + seconds * 1000]),
      );
      let active = 0;
      let stretches = 1;
      workspace.active();
      for (const gap of gaps) {
        time += gap;
        if (gap <= 60_000) active += gap;
        else stretches++;
        workspace.active();
      }
      workspace.end();
      const sum = intervals.reduce((total, [from, to]) => total + to - from, 0);
      // Each stretch loses less than the second that it did not fill.
      expect(active - sum).toBeGreaterThanOrEqual(0);
      expect(active - sum).toBeLessThan(stretches * 1000);
      intervals.forEach(([from], index) => {
        const [, end] = intervals[index - 1] ?? [0, 0];
        expect(from).toBeGreaterThanOrEqual(end);
      });
    }),
  );
});
