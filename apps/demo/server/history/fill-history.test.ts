import { usageEventSchema, type IngestRequest } from '@tallykit/protocol';
import { describe, expect, test } from 'vitest';
import { fillHistory, historyEvents } from './fill-history.ts';

const now = Date.UTC(2026, 10, 20, 10, 42);

describe('the demo history', () => {
  test('is the same at every start', () => {
    expect(historyEvents(now, 3)).toEqual(historyEvents(now, 3));
  });

  test('keeps the ids of past days when the clock moves on', () => {
    const before = new Set(historyEvents(now, 3).map((event) => event.id));
    const after = new Set(historyEvents(now + 3_600_000, 3).map((event) => event.id));
    expect([...before].filter((id) => !after.has(id))).toEqual([]);
  });

  test('holds nothing from the future, no id twice and only events that the protocol accepts', () => {
    const events = historyEvents(now, 10);
    expect(new Set(events.map((event) => event.id)).size).toBe(events.length);
    for (const event of events) {
      expect(Number.parseInt(event.id.slice(0, 8) + event.id.slice(9, 13), 16)).toBeLessThan(now);
      expect(usageEventSchema.safeParse(event).error).toBeUndefined();
    }
  });

  test('is sent whole, in batches, and stops when an event is refused', async () => {
    const requests: IngestRequest[] = [];
    const total = historyEvents(now, 10).length;
    const filled = await fillHistory({
      now,
      days: 10,
      ingest: async (request) => {
        requests.push(request);
        return { accepted: request.events.length, duplicates: 0, problems: [] };
      },
      onProgress: () => undefined,
    });
    expect(filled.accepted).toBe(total);
    expect(requests.flatMap((request) => request.events)).toHaveLength(total);

    const problem = {
      index: 0,
      id: null,
      outcome: 'rejected',
      code: 'invalid_event',
      pointer: '',
      detail: 'no',
    } as const;
    const refusing = fillHistory({
      now,
      days: 1,
      ingest: async () => ({ accepted: 0, duplicates: 0, problems: [problem] }),
      onProgress: () => undefined,
    });
    await expect(refusing).rejects.toThrow('invalid_event');
  });
});
