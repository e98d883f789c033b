import {
  budgetCheckRequestSchema,
  budgetReservationRequestSchema,
  type LlmCallEvent,
} from '@tallykit/protocol';
import OpenAI from 'openai';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createTracker } from '../create-tracker.ts';
import { isTrackerError } from '../errors/tracker-error.ts';
import { wrapOpenAI } from '../providers/openai/wrap-openai.ts';
import { type FakeOpenAI, startFakeOpenAI } from '../testing/fake-openai/start-fake-openai.ts';
import type { Tracker } from '../tracker.ts';
import { answerOf, type BudgetReply, startBudgetServer } from './__fixtures__/start-budget-server.ts';
import { type BudgetOptions, budgets, type BudgetRefusal } from './budgets.ts';

type Server = Awaited<ReturnType<typeof startBudgetServer>>;

let server: Server;
let reply: (path: string, method: string) => BudgetReply;
let clock = 1_800_000_000_000;
const trackers: Tracker[] = [];

beforeEach(async () => {
  reply = () => answerOf('allow');
  server = await startBudgetServer(({ path, method }) => reply(path, method));
});
afterEach(async () => {
  for (const tracker of trackers.splice(0)) await tracker.shutdown();
  await server.close();
});

function tracking(options: BudgetOptions = {}, endpoint = server.endpoint): Tracker {
  const tracker = createTracker({
    transport: async ({ events }) => ({ accepted: events.length, duplicates: 0, problems: [] }),
    endpoint,
    apiKey: 'tk_test',
    flushAtExit: false,
    now: () => clock,
    budgets: budgets(options),
  });
  trackers.push(tracker);
  return tracker;
}

test('without budgets every call is allowed, and that is said', async () => {
  const tracker = createTracker({
    transport: async () => ({ accepted: 0, duplicates: 0, problems: [] }),
    flushAtExit: false,
  });
  expect(await tracker.budget({ customerId: 'cus_1' })).toEqual({
    allowed: true,
    decision: 'allow',
    reason: 'not_configured',
    budgets: [],
  });
  expect(tracker.recorder.admit).toBeUndefined();
});

test('budgets without a server to ask are refused at once', () => {
  expect(() =>
    createTracker({
      transport: async () => ({ accepted: 0, duplicates: 0, problems: [] }),
      budgets: budgets(),
    }),
  ).toThrow(/endpoint/);
});

describe('tracker.budget', () => {
  test('asks for an id that is a number as for the same text', async () => {
    await tracking().budget({ customerId: 42 } as object);
    expect(budgetCheckRequestSchema.parse(server.questions[0]?.body).scope).toEqual({ customerId: '42' });
  });

  test("asks for the scope with the tracker's key and tells the decision", async () => {
    reply = () => answerOf('block');
    const decision = await tracking().budget({ customerId: 'cus_1', flow: 'triage' });
    expect(decision).toEqual({
      allowed: false,
      decision: 'block',
      budgets: [
        {
          id: 'monthly',
          name: 'Monthly',
          decision: 'block',
          state: 'over',
          resetsAt: '2027-01-01T00:00:00.000Z',
        },
      ],
    });
    const [question] = server.questions;
    expect(question).toMatchObject({ path: '/v1/budgets/check', authorization: 'Bearer tk_test' });
    expect(budgetCheckRequestSchema.parse(question?.body).scope).toEqual({
      customerId: 'cus_1',
      flow: 'triage',
    });
  });

  test('takes the scope of the run when none is given, and nothing else of it', async () => {
    const tracker = tracking();
    await tracker.run({ customerId: 'cus_7', userId: 'u', tags: { a: 'b' } }, () => tracker.budget());
    expect(server.questions[0]?.body).toEqual({ scope: { customerId: 'cus_7' } });
  });

  test('asks once for as long as the answer holds, and again afterwards', async () => {
    const tracker = tracking();
    await Promise.all(Array.from({ length: 20 }, () => tracker.budget({ customerId: 'cus_1' })));
    await tracker.budget({ customerId: 'cus_1' });
    expect(server.questions).toHaveLength(1);
    await tracker.budget({ customerId: 'cus_2' });
    expect(server.questions).toHaveLength(2);
    clock += 10_001;
    await tracker.budget({ customerId: 'cus_1' });
    expect(server.questions).toHaveLength(3);
  });

  const failures: readonly [string, () => BudgetReply][] = [
    ['cuts the connection', () => ({})],
    ['answers an error', () => ({ status: 500, body: {} })],
    ['refuses the key', () => ({ status: 403, body: { code: 'forbidden' } })],
    ['answers nonsense', () => ({ body: { decision: 'perhaps' } })],
    ['takes too long', () => ({ ...answerOf('block'), delayMs: 200 })],
  ];
  test.each(failures)('allows and counts it when the server %s', async (_, failing) => {
    reply = failing;
    const tracker = tracking({ timeoutMs: 50 });
    expect(await tracker.budget({ customerId: 'cus_1' })).toMatchObject({
      allowed: true,
      reason: 'unavailable',
    });
    expect(tracker.stats().lost).toEqual({ budget_unavailable: 1 });
  });

  test('leaves a failing server alone for a second', async () => {
    reply = () => ({ status: 500, body: {} });
    const tracker = tracking();
    for (let count = 0; count < 5; count++) await tracker.budget({ customerId: 'cus_1' });
    expect(server.questions).toHaveLength(1);
    expect(tracker.stats().lost).toEqual({ budget_unavailable: 5 });
    reply = () => answerOf('block');
    clock += 1001;
    expect((await tracker.budget({ customerId: 'cus_1' })).allowed).toBe(false);
  });
});

describe('the guard', () => {
  let provider: FakeOpenAI;
  /** How many requests the provider still fails. */
  let failing: number;
  beforeEach(async () => {
    failing = 0;
    provider = await startFakeOpenAI({
      reply: () =>
        failing-- > 0
          ? { failure: { status: 500, headers: { 'retry-after-ms': '1' } } }
          : { text: 'Hi', usage: { input: 9, output: 2 } },
    });
  });
  afterEach(() => provider.close());

  const clientOf = (tracker: Tracker): OpenAI =>
    wrapOpenAI(new OpenAI({ apiKey: 'test', baseURL: provider.baseURL, maxRetries: 0 }), tracker, {
      provider: 'openai',
    });
  const ask = (client: OpenAI, more: object = {}) =>
    client.chat.completions.create({
      model: 'gpt-4o-mini',
      messages: [{ role: 'user', content: 'Hi' }],
      ...more,
    });
  const admitted = (more: object = {}): BudgetReply =>
    answerOf('allow', {
      admitted: true,
      reservation: { id: 'x', expiresAt: '2027-01-01T00:00:00.000Z' },
      ...more,
    });
  const refused = (): BudgetReply => answerOf('block', { admitted: false, reservation: null });

  test('reserves before the call goes out, in the scope of its run', async () => {
    reply = () => {
      expect(provider.requestCount()).toBe(0);
      return admitted();
    };
    const tracker = tracking({ guard: true });
    await tracker.run({ customerId: 'cus_1', productId: 'agent' }, () => ask(clientOf(tracker)));
    const [question] = server.questions;
    expect(question?.path).toBe('/v1/budgets/reservations');
    expect(budgetReservationRequestSchema.parse(question?.body).scope).toEqual({
      customerId: 'cus_1',
      productId: 'agent',
    });
    expect(provider.requestCount()).toBe(1);
  });

  test('refuses a call over its budget before it is made, and records none', async () => {
    reply = refused;
    const tracker = tracking({ guard: true });
    const error: unknown = await tracker
      .run({ customerId: 'cus_1' }, () => ask(clientOf(tracker)))
      .then(undefined, (thrown: unknown) => thrown);
    expect(isTrackerError(error) && error.code).toBe('budget_exceeded');
    expect((error as Error).message).toContain('the budget "Monthly" of customer cus_1 is used up');
    expect(provider.requestCount()).toBe(0);
    expect(tracker.stats()).toMatchObject({ recorded: 0, unfinished: 0 });
  });

  test('refuses a stream likewise', async () => {
    reply = refused;
    const tracker = tracking({ guard: true });
    await expect(ask(clientOf(tracker), { stream: true })).rejects.toMatchObject({ code: 'budget_exceeded' });
    expect(provider.requestCount()).toBe(0);
  });

  test('calls back in place of refusing, and does as it is told', async () => {
    reply = refused;
    const refusals: BudgetRefusal[] = [];
    const tracker = tracking({
      guard: (refusal) => {
        refusals.push(refusal);
        return refusals.length === 1;
      },
    });
    const client = clientOf(tracker);
    await ask(client);
    await expect(ask(client)).rejects.toMatchObject({ code: 'budget_exceeded' });
    expect(refusals[0]).toMatchObject({ decision: 'block', provider: 'openai', requestModel: 'gpt-4o-mini' });
    expect(provider.requestCount()).toBe(1);
  });

  test('lets calls pass when the server cannot be asked, and counts them', async () => {
    reply = () => ({ status: 500, body: {} });
    const tracker = tracking({ guard: true });
    await ask(clientOf(tracker));
    expect(provider.requestCount()).toBe(1);
    expect(tracker.stats().lost).toEqual({ budget_unavailable: 1 });
  });

  test('asks no more for a scope that no budget concerns', async () => {
    reply = () => answerOf('allow', { admitted: true, reservation: null, budgets: [] });
    const tracker = tracking({ guard: true });
    const client = clientOf(tracker);
    for (let count = 0; count < 3; count++) await ask(client);
    expect(server.questions).toHaveLength(1);
    clock += 10_001;
    await ask(client);
    expect(server.questions).toHaveLength(2);
  });

  test('waits for the turn of a throttled call', async () => {
    let asked = 0;
    reply = () =>
      ++asked === 1
        ? answerOf('throttle', { admitted: false, reservation: null, retryAfterSeconds: 0.05 })
        : admitted();
    await ask(clientOf(tracking({ guard: true })));
    expect(asked).toBe(2);
    expect(provider.requestCount()).toBe(1);
  });

  test('refuses a throttled call whose turn comes too late', async () => {
    reply = () => answerOf('throttle', { admitted: false, reservation: null, retryAfterSeconds: 30 });
    const tracker = tracking({ guard: true, throttleTimeoutMs: 1000 });
    await expect(ask(clientOf(tracker))).rejects.toMatchObject({ code: 'budget_exceeded' });
  });

  test('refuses a throttled call in time also when the clock of the day stands still', async () => {
    reply = () => answerOf('throttle', { admitted: false, reservation: null, retryAfterSeconds: 0.05 });
    const tracker = tracking({ guard: true, throttleTimeoutMs: 200 });
    await expect(ask(clientOf(tracker))).rejects.toMatchObject({ code: 'budget_exceeded' });
  });

  test('lets a call pass that the server allows without a word on reservations', async () => {
    reply = () => answerOf('allow');
    await ask(clientOf(tracking({ guard: true })));
    expect(provider.requestCount()).toBe(1);
  });

  test('lets calls pass when a fetch function never answers, whatever its signal says', async () => {
    const tracker = createTracker({
      endpoint: server.endpoint,
      flushAtExit: false,
      flushTimeoutMs: 20,
      fetch: () => new Promise<never>(() => undefined),
      budgets: budgets({ guard: true, timeoutMs: 50 }),
    });
    await ask(clientOf(tracker));
    expect(tracker.stats().lost).toEqual({ budget_unavailable: 1 });
    await tracker.shutdown();
  });

  test('gives back what it held for a call that leaves no event', async () => {
    reply = () => admitted();
    const tracker = tracking({ guard: true });
    const call = tracker.recorder.start({ provider: 'openai', operation: 'chat', requestModel: 'm' });
    await tracker.recorder.admit?.(call);
    call.drop();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(server.questions.at(-1)).toMatchObject({
      method: 'DELETE',
      path: `/v1/budgets/reservations/${call.id}`,
    });
  });

  describe('the id that a call is reserved under', () => {
    let events: LlmCallEvent[];
    let tracker: Tracker;
    beforeEach(() => {
      reply = () => admitted();
      events = [];
      tracker = createTracker({
        endpoint: server.endpoint,
        flushAtExit: false,
        budgets: budgets({ guard: true, estimate: ({ maxOutputTokens }) => ({ tokens: maxOutputTokens }) }),
        transport: async ({ events: sent }) => {
          events.push(...sent.filter((event) => event.kind === 'llm_call'));
          return { accepted: sent.length, duplicates: 0, problems: [] };
        },
      });
      trackers.push(tracker);
    });
    /** All events in the order of their attempts: batches may pass each other. */
    const attempts = async (): Promise<LlmCallEvent[]> => {
      await tracker.flush();
      return events.toSorted((one, other) => one.attempt - other.attempt);
    };
    const reserved = (): unknown[] => server.questions.map(({ body }) => body['id']);

    test('is that of its event, with which the hold lifts', async () => {
      await ask(clientOf(tracker));
      const [event] = await attempts();
      expect(event).toMatchObject({ final: true });
      expect(reserved()).toEqual([event?.id]);
    });

    test('is that of the first attempt where the SDK tries again, and is taken once', async () => {
      failing = 1;
      await ask(clientOf(tracker).withOptions({ maxRetries: 1 }));
      expect(await attempts()).toMatchObject([
        { id: reserved()[0], final: false },
        { callId: reserved()[0], final: true },
      ]);
      expect(reserved()).toHaveLength(1);
    });

    test('is one for each attempt of one call, since each may have another estimate', async () => {
      failing = 1;
      await tracker.run({ asOneCall: true }, async () => {
        const client = clientOf(tracker);
        await ask(client, { max_completion_tokens: 500 }).catch(() => undefined);
        await ask(client, { max_completion_tokens: 900 });
      });
      const [first, second] = await attempts();
      expect(first).toMatchObject({ final: false, callId: first?.id });
      expect(second).toMatchObject({ final: true, callId: first?.id });
      expect(reserved()).toEqual([first?.id, second?.id]);
      expect(server.questions.map(({ method, body }) => [method, body['estimate']])).toEqual([
        ['POST', { tokens: 500 }],
        ['POST', { tokens: 900 }],
      ]);
    });
  });

  test('holds for as long as the server takes, since calls run for minutes', async () => {
    reply = () => admitted();
    await ask(clientOf(tracking({ guard: true })), { stream: true });
    const { body } = server.questions[0] ?? {};
    expect(budgetReservationRequestSchema.parse(body).seconds).toBe(600);
    expect(budgetReservationRequestSchema.safeParse({ ...body, seconds: 601 }).success).toBe(false);
  });

  test("takes the host's own estimate, and goes without one that fails", async () => {
    reply = () => admitted();
    let fails = false;
    const tracker = tracking({
      guard: true,
      estimate: ({ maxOutputTokens }) => {
        if (fails) throw new Error('mine');
        return { tokens: maxOutputTokens };
      },
    });
    const client = clientOf(tracker);
    await ask(client, { max_completion_tokens: 500 });
    fails = true;
    await ask(client);
    expect(server.questions.map(({ body }) => body['estimate'])).toEqual([{ tokens: 500 }, undefined]);
  });
});
