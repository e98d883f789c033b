import { maxEventBucket, maxEventsPerRequest } from '@tallykit/protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { callTime as now, llmCall } from '../pricing/__fixtures__/llm-call.ts';
import { overrideRow } from '../pricing/__fixtures__/price-row.ts';
import { createPriceBooks } from '../pricing/price-books.ts';
import { createManualClock } from '../primitives/clock.ts';
import { uuidV7 } from '../primitives/uuid-v7.ts';
import type { OrganizationStore, Storage } from '../storage/contract/storage.ts';
import { referenceStorage } from '../testing/index.ts';
import type { IngestSource } from './attribute-event.ts';
import { createIngestion, type Ingestion, type IngestionSettings } from './create-ingestion.ts';

const source: IngestSource = { organizationId: 'acme', keyId: 'key', customerId: null };
const usage = { input: 900, cacheRead: 300, output: 120 };
const body = (...events: readonly unknown[]) => ({
  protocol: 1,
  sentAt: new Date(now).toISOString(),
  events,
});
const chargeRule = { basis: 'list', markup: '0' } as const;
const clock = createManualClock(now);
const { knownFrom: _knownFrom, ...price } = overrideRow({
  rates: [
    { bucket: 'input', amount: '0.15' },
    { bucket: 'cacheRead', amount: '0.075' },
    { bucket: 'output', amount: '0.6' },
  ],
});

let storage: Storage;
let store: OrganizationStore;
let ingestion: Ingestion;
let grown: string[] = [];

function ingestionOver(
  over: Pick<Storage, 'forOrganization'>,
  settings: Partial<IngestionSettings> = {},
): Ingestion {
  const onAppended = (organizationId: string) => void grown.push(organizationId);
  return createIngestion({
    storage: over,
    books: createPriceBooks({ storage }),
    clock,
    chargeRule,
    settings,
    onAppended,
  });
}

async function stored() {
  const calls = await store.callsForReview({
    calls: 'all',
    from: null,
    to: null,
    provider: null,
    model: null,
    after: null,
    limit: 100_000,
  });
  return calls.map(({ event, current, usage: counted }) => ({ event, current, usage: counted }));
}

beforeEach(async () => {
  grown = [];
  clock.set(now);
  storage = referenceStorage({ clock });
  await storage.ensureOrganization({ id: 'acme', name: 'Acme', timeZone: 'UTC' });
  store = storage.forOrganization({ organizationId: 'acme', subject: 'test' });
  await store.putPrices([price], now);
  ingestion = ingestionOver(storage);
});

describe('one request', () => {
  it('lands, is priced exactly and tells who follows the log', async () => {
    const event = llmCall({ usage });
    expect(await ingestion.ingest(source, body(event))).toEqual({ accepted: 1, duplicates: 0, problems: [] });
    const [call] = await stored();
    expect(call?.event).toEqual(event);
    // 900 x 0.15 + 300 x 0.075 + 120 x 0.6, a million.
    expect(call?.current).toMatchObject({ kind: 'priced', list: '0.0002295', currency: 'USD' });
    expect(grown).toEqual(['acme']);
  });

  it('takes every kind of event', async () => {
    const common = { traceId: '0af7651916cd43dd8448eb211c80319c' };
    const events = [
      { kind: 'signal', name: 'ticket_resolved', value: { type: 'saved', amount: '4.50', currency: 'USD' } },
      { kind: 'workspace_runtime', workspaceId: 'w', seconds: 60 },
      { kind: 'tool_call', tool: 'search', status: 'ok', durationMs: 5 },
      { kind: 'conversation_message', conversationId: 'c', role: 'user' },
      { kind: 'flow_run', flow: 'f', runId: 'r', status: 'running', trigger: 'manual' },
      { kind: 'flow_step', flow: 'f', runId: 'r', step: 's' },
      { kind: 'goal_completion', goal: 'g' },
      { kind: 'telemetry', name: 't', properties: { a: 1, b: true, c: 'x' } },
    ].map((event) => ({ ...common, id: uuidV7(now), ...event }));
    expect(await ingestion.ingest(source, body(...events))).toEqual({
      accepted: events.length,
      duplicates: 0,
      problems: [],
    });
  });

  it('gives a cost to final calls and to attempts with usage, and to nothing else', async () => {
    const attempt = llmCall({ final: false, status: 'error', httpStatus: 429 });
    const partial = llmCall({ final: false, usage });
    const silent = llmCall({ final: true, status: 'aborted', complete: false });
    const refused = llmCall({ final: true, status: 'error', httpStatus: 400 });
    await ingestion.ingest(source, body(attempt, partial, silent, refused));
    const costs = new Map((await stored()).map(({ event, current }) => [event.id, current]));
    expect(costs.get(attempt.id)).toBeUndefined();
    expect(costs.get(partial.id)).toMatchObject({ kind: 'priced' });
    expect(costs.get(silent.id)).toMatchObject({ kind: 'pending', reason: 'usage_absent' });
    expect(costs.get(refused.id)).toMatchObject({ kind: 'priced', list: '0', reason: 'not_billed' });
  });

  it('lands whole when it holds two thousand events', async () => {
    const events = Array.from({ length: maxEventsPerRequest }, () => llmCall({ usage }));
    expect(await ingestion.ingest(source, body(...events))).toMatchObject({ accepted: maxEventsPerRequest });
    expect(await stored()).toHaveLength(maxEventsPerRequest);
  });

  it('may hold no event', async () => {
    expect(await ingestion.ingest(source, body())).toEqual({ accepted: 0, duplicates: 0, problems: [] });
  });

  it('is refused as a whole only for its outside', async () => {
    const bad: readonly [unknown, number, string][] = [
      [null, 400, 'invalid_request'],
      ['text', 400, 'invalid_request'],
      [[], 400, 'invalid_request'],
      [{ ...body(), protocol: 2 }, 400, 'unsupported_protocol'],
      [{ ...body(), sentAt: 'now' }, 400, 'invalid_request'],
      [{ ...body(), extra: 1 }, 400, 'invalid_request'],
      [{ ...body(), events: {} }, 400, 'invalid_request'],
      [{ ...body(), losses: [{ reason: 'Not a reason', count: 1 }] }, 400, 'invalid_request'],
      [body(...Array.from({ length: maxEventsPerRequest + 1 }, () => null)), 413, 'too_many_events'],
    ];
    for (const [request, status, code] of bad) {
      await expect(ingestion.ingest(source, request)).rejects.toMatchObject({ status, code });
    }
  });
});

describe('bad events', () => {
  it('are refused one by one, and the rest of the batch lands', async () => {
    const good = [llmCall({ usage }), llmCall({ usage })] as const;
    const tooMany = llmCall({ usage: { input: maxEventBucket + 1, output: 1 } });
    const bad = [
      null,
      { ...llmCall(), prompt: 'x' },
      llmCall({ usage: { input: -1 } }),
      { kind: 'poem' },
      tooMany,
    ];
    const answer = await ingestion.ingest(source, body(good[0], ...bad, good[1]));
    expect(answer.accepted).toBe(2);
    expect(answer.problems.map(({ index, outcome, code }) => [index, outcome, code])).toEqual([
      [1, 'rejected', 'invalid_event'],
      [2, 'rejected', 'unknown_key'],
      [3, 'rejected', 'invalid_event'],
      [4, 'rejected', 'unknown_kind'],
      [5, 'rejected', 'invalid_event'],
    ]);
    expect((await stored()).map(({ event }) => event.id).sort()).toEqual(good.map(({ id }) => id).sort());
  });
});

describe('time', () => {
  const day = 86_400_000;
  const codes = async (at: number) => {
    const answer = await ingestion.ingest(source, body(llmCall({ at, usage })));
    return [answer.accepted, ...answer.problems.map(({ code }) => code)];
  };

  it('is taken from ninety days ago to a day ahead', async () => {
    expect(await codes(now - 90 * day)).toEqual([1]);
    expect(await codes(now - 90 * day - 1)).toEqual([0, 'time_out_of_range']);
    expect(await codes(now + day)).toEqual([1, 'clock_ahead']);
    expect(await codes(now + day + 1)).toEqual([0, 'time_out_of_range']);
    expect(await codes(0)).toEqual([0, 'time_out_of_range']);
    expect(await codes(2 ** 47)).toEqual([0, 'time_out_of_range']);
  });

  it('more than five minutes ahead is counted at the receipt, with a warning', async () => {
    expect(await codes(now + 300_000)).toEqual([1]);
    expect(await codes(now + 300_001)).toEqual([1, 'clock_ahead']);
    const range = { calls: 'all', provider: null, model: null, after: null, limit: 9 } as const;
    const calls = await store.callsForReview({ ...range, from: now, to: now + 1 });
    expect(calls.map(({ occurredAt }) => occurredAt)).toEqual([now]);
  });

  it('goes further back when the host keeps raw events longer', async () => {
    ingestion = ingestionOver(storage, { retentionDays: 365 });
    expect(await codes(now - 364 * day)).toEqual([1]);
  });
});

describe('the same event again', () => {
  it('is a duplicate, in one request and across them, whatever the order of its keys', async () => {
    const event = llmCall({ usage, statedCost: { amount: '0.10', currency: 'USD' } });
    const reversed = Object.fromEntries(Object.entries(event).reverse());
    const rewritten = { ...reversed, statedCost: { currency: 'USD', amount: '0.1' } };
    expect(await ingestion.ingest(source, body(event, rewritten))).toEqual({
      accepted: 1,
      duplicates: 1,
      problems: [],
    });
    expect(await ingestion.ingest(source, body(rewritten))).toEqual({
      accepted: 0,
      duplicates: 1,
      problems: [],
    });
    expect(await stored()).toHaveLength(1);
  });

  it('with another body is a conflict, and the first one is kept', async () => {
    const event = llmCall({ usage });
    const other = { ...event, usage: { input: 1 } };
    const within = await ingestion.ingest(source, body(event, other));
    expect(within).toMatchObject({
      accepted: 1,
      problems: [{ index: 1, id: event.id, outcome: 'conflict', code: 'id_conflict' }],
    });
    expect(await ingestion.ingest(source, body(other))).toMatchObject({
      accepted: 0,
      problems: [{ outcome: 'conflict' }],
    });
    expect((await stored()).map(({ event: kept }) => kept)).toEqual([event]);
  });

  it('is told apart from a conflict even behind one in the same request', async () => {
    const event = llmCall({ usage });
    await ingestion.ingest(source, body(event));
    const answer = await ingestion.ingest(
      source,
      body({ ...event, durationMs: 1 }, event, { ...event, durationMs: 1 }),
    );
    expect(answer).toMatchObject({ accepted: 0, duplicates: 1 });
    expect(answer.problems.map(({ index, code }) => [index, code])).toEqual([
      [0, 'id_conflict'],
      [2, 'id_conflict'],
    ]);
  });

  it('is counted once when two requests bring it at the same time', async () => {
    const event = llmCall({ usage });
    const answers = await Promise.all([1, 2, 3].map(() => ingestion.ingest(source, body(event))));
    expect(answers.map(({ accepted }) => accepted).sort()).toEqual([0, 0, 1]);
    expect(await stored()).toHaveLength(1);
  });
});

describe('a second sighting of a response', () => {
  it.each([
    ['bedrock', 'aws'],
    ['OpenAI', 'openai'],
    ['azure.ai.openai', 'azure'],
    ['google-vertex', 'google'],
    ['xai', 'x-ai'],
  ])('counts one response of %s and %s once: they are one provider', async (one, other) => {
    const events = [one, other].map((provider) => llmCall({ usage, provider, responseId: 'r1' }));
    expect(await ingestion.ingest(source, body(...events))).toMatchObject({
      problems: [{ index: 1, outcome: 'warning', code: 'response_superseded', pointer: '/responseId' }],
    });
  });

  it('is kept, does not count, and says so', async () => {
    const [first, second] = [llmCall({ usage, responseId: 'r1' }), llmCall({ usage, responseId: 'r1' })];
    const answer = await ingestion.ingest(source, body(first, second));
    expect(answer).toMatchObject({
      accepted: 2,
      problems: [{ index: 1, outcome: 'warning', code: 'response_superseded', pointer: '/responseId' }],
    });
    expect((await stored()).map(({ event }) => event.id)).toEqual([first.id]);
  });

  it('supplies the usage that the first one lacked', async () => {
    const first = llmCall({ responseId: 'r1', status: 'aborted', customerId: 'a' });
    await ingestion.ingest(source, body(first));
    await ingestion.ingest(source, body(llmCall({ usage, responseId: 'r1', customerId: 'b' })));
    expect(await stored()).toMatchObject([
      { event: { id: first.id, customerId: 'a' }, usage, current: { list: '0.0002295' } },
    ]);
  });
});

describe('a key bound to a customer', () => {
  const bound: IngestSource = { ...source, customerId: 'cus_1' };

  it('refuses events of another customer and gives its own to those without', async () => {
    const [foreign, without, own] = [
      llmCall({ usage, customerId: 'cus_2' }),
      llmCall({ usage }),
      llmCall({ usage, customerId: 'cus_1' }),
    ];
    const answer = await ingestion.ingest(bound, body(foreign, without, own));
    expect(answer).toMatchObject({
      accepted: 2,
      problems: [
        {
          index: 0,
          id: foreign.id,
          outcome: 'rejected',
          code: 'customer_not_allowed',
          pointer: '/customerId',
        },
      ],
    });
    expect((await stored()).map(({ event }) => event.customerId)).toEqual(['cus_1', 'cus_1']);
  });

  it('sees the same event as the same with and without the customer being filled in', async () => {
    const event = llmCall({ usage });
    await ingestion.ingest(bound, body(event));
    expect(await ingestion.ingest(source, body(event))).toMatchObject({ duplicates: 1 });
  });
});

describe('tags', () => {
  it('that look like credentials are removed with a warning, and the call lands', async () => {
    const event = llmCall({ usage, tags: { team: 'blue', note: 'sk-proj-abcdefghijklmnopqrstuvwxyz' } });
    const answer = await ingestion.ingest(source, body(event));
    expect(answer).toMatchObject({
      accepted: 1,
      problems: [{ index: 0, id: event.id, outcome: 'warning', code: 'tag_removed', pointer: '/tags/note' }],
    });
    expect((await stored())[0]?.event.tags).toEqual({ team: 'blue' });
  });

  it('removed from an event leave it the same event when it comes again', async () => {
    const event = llmCall({ usage, tags: { password: 'x' } });
    await ingestion.ingest(source, body(event));
    expect((await stored())[0]?.event).not.toHaveProperty('tags');
    expect(await ingestion.ingest(source, body(event))).toEqual({ accepted: 0, duplicates: 1, problems: [] });
  });
});

describe('losses', () => {
  it('are recorded once the events are, with the key they came with', async () => {
    const recorded: unknown[] = [];
    const over = {
      forOrganization: () => ({
        ...store,
        recordLosses: async (...all: unknown[]) => void recorded.push(all),
      }),
    };
    ingestion = ingestionOver(over);
    await ingestion.ingest(source, { ...body(), losses: [{ reason: 'queue_full', count: 7 }] });
    expect(recorded).toEqual([[[{ reason: 'queue_full', count: 7 }], now, 'key']]);
  });

  it('of a kind that only a newer tracker knows cost none of the events beside them', async () => {
    const request = { ...body(llmCall({ usage })), losses: [{ reason: 'reason_of_tomorrow', count: 2 }] };
    expect(await ingestion.ingest(source, request)).toMatchObject({ accepted: 1, problems: [] });
  });

  it('are not recorded for a request that is to be sent again', async () => {
    let recorded = 0;
    ingestion = ingestionOver({
      forOrganization: () => ({
        ...store,
        append: () => Promise.reject(new Error('gone')),
        recordLosses: async () => void (recorded += 1),
      }),
    });
    const request = { ...body(llmCall({ usage })), losses: [{ reason: 'queue_full', count: 7 }] };
    await expect(ingestion.ingest(source, request)).rejects.toThrow('gone');
    expect(recorded).toBe(0);
  });
});
