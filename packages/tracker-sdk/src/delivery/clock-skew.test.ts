import { describe, expect, test } from 'vitest';
import { offersOf, problem, record, setUp } from './__fixtures__/set-up.ts';
import { readRetryAfter, retryDelay } from './retry-policy.ts';

const day = 86_400_000;

describe('conformance 12, clock skew: a host whose clock is wrong', () => {
  test('tells when it sent by the same clock, so that the server can see by how much', async () => {
    const { collector, tracker } = await setUp(undefined, { now: () => Date.now() + 3 * day });
    record(tracker, 1);
    await tracker.flush();
    const { events, sentAt } = collector.seen[0]?.request ?? {};
    const recordedAt = Number.parseInt(events?.[0]?.id.replace('-', '').slice(0, 12) ?? '', 16);
    expect(Math.abs(Date.parse(String(sentAt)) - recordedAt)).toBeLessThan(5000);
    expect(recordedAt).toBeGreaterThan(Date.now() + 2 * day);
  });

  test('is not asked again for what the server cannot place in time, and counts it', async () => {
    const { collector, tracker } = await setUp((request) => ({
      body: {
        accepted: request.events.length - 1,
        duplicates: 0,
        problems: [problem(0, { code: 'time_out_of_range', pointer: '/id' })],
      },
    }));
    record(tracker, 3);
    expect(await tracker.flush()).toBe(true);
    expect(offersOf(collector)).toBe(1);
    expect(tracker.stats()).toMatchObject({ accepted: 2, queued: 0, lost: { rejected: 1 } });
  });

  test.each([3 * day, -3 * day])(
    'that is set anew by %i ms in an outage delivers everything once',
    async (jump) => {
      let [down, offset] = [true, 0];
      const { collector, tracker } = await setUp(() => (down ? { status: 503 } : {}), {
        now: () => Date.now() + offset,
        flushTimeoutMs: 50,
        flushIntervalMs: 20,
      });
      record(tracker, 3);
      expect(await tracker.flush()).toBe(false);
      offset = jump;
      record(tracker, 3);
      down = false;
      await expect.poll(() => tracker.stats().accepted, { timeout: 4000 }).toBe(6);
      expect([...collector.landed.values()]).toEqual([1, 1, 1, 1, 1, 1]);
      expect(tracker.stats()).toMatchObject({ duplicates: 0, queued: 0, lost: {} });
    },
  );

  test('waits five minutes at most for a date that lies days ahead of it', () => {
    const date = 'Wed, 21 Oct 2026 07:28:00 GMT';
    const wait = readRetryAfter(date, Date.parse(date) - 3 * day);
    expect(retryDelay(1, wait, 0)).toBe(300_000);
    expect(readRetryAfter(date, Date.parse(date) + 3 * day)).toBeUndefined();
  });
});
