import { insightIds, type Principal, type UsageEvent } from '@tallykit/protocol';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { explainCall } from '../../datasets/explain-call.ts';
import { queryDataset } from '../../datasets/query-dataset.ts';
import { readConversation } from '../../datasets/read-conversation.ts';
import { readTrace } from '../../datasets/read-trace.ts';
import { answerInsight } from '../../insights/answer-insight.ts';
import { embedded } from '../../storage/engines/embedded/index.ts';
import { ProblemError } from '../../http/problem-error.ts';
import type { Storage } from '../../storage/contract/storage.ts';
import {
  adminOf,
  createQuestionStand,
  operator,
  type QuestionStand,
  type TestCall,
} from './question-stand.ts';

const now = Date.parse('2026-11-20T10:42:00.000Z');
const flows = ['triage', 'draft', `o'hara; --`, undefined];
const customers = ['cus_1', 'cus_2', 'cus_3', undefined];
const costs: readonly TestCall['cost'][] = [
  { list: '0.000391', effective: '0.0003', charge: '0.0005' },
  { list: '1.5', currency: 'EUR' },
  { list: '0' },
  { pending: 'no_price' },
];

// The same calls on every run and engine: an hour and a bit apart, over ninety days, through all combinations.
function someCalls(): readonly TestCall[] {
  const pick = <Value>(values: readonly Value[], index: number): Value =>
    values[index % values.length] as Value;
  return Array.from({ length: 600 }, (_, index) => ({
    at: new Date(now - index * 3.5 * 3_600_000 - 60_000).toISOString(),
    customerId: pick(customers, index),
    flow: pick(flows, Math.floor(index / 3)),
    requestModel: pick(['gpt-4o-mini', 'gpt-4o'], Math.floor(index / 7)),
    provider: pick(['openai', 'azure'], Math.floor(index / 5)),
    environment: pick(['production', 'staging', undefined], Math.floor(index / 11)),
    conversationId: pick(['c1', 'c2', 'c3', 'c4', undefined], Math.floor(index / 2)),
    messageId: pick([`m${Math.floor(index / 3)}`, undefined], index),
    usage: pick([{ input: 900, cacheRead: 300, output: 120 }, { input: 0, output: 0 }, undefined], index),
    status: pick(['ok', 'error', 'aborted'] as const, Math.floor(index / 13)),
    cost: pick(costs, Math.floor(index / 17)),
  }));
}

const eventLeaves = ['analytics.view', 'goals.view', 'telemetry.view'] as const;

// Likewise of the other kinds, eight hours and a bit apart.
function someEvents(): readonly { readonly at: string; readonly event: (id: string) => UsageEvent }[] {
  const pick = <Value>(values: readonly Value[], index: number): Value =>
    values[index % values.length] as Value;
  return Array.from({ length: 250 }, (_, index) => {
    const fields = {
      traceId: 'b'.repeat(32),
      customerId: pick(customers, index),
      flow: pick(['triage', 'draft', `o'hara; --`], Math.floor(index / 3)),
      conversationId: pick(['c1', 'c2', 'c3', 'c4'], Math.floor(index / 7)),
      channel: pick(['web', 'mail', undefined], Math.floor(index / 2)),
      ...pick<object>(
        [
          { kind: 'tool_call', tool: 'search', status: pick(['ok', 'error'], index), durationMs: index },
          { kind: 'conversation_message', role: pick(['user', 'agent'], Math.floor(index / 5)) },
          { kind: 'goal_completion', goal: 'demo', value: { amount: `${index}.5`, currency: 'USD' } },
          { kind: 'goal_completion', goal: 'sale', value: { amount: '7', currency: 'EUR' } },
          {
            kind: 'flow_run',
            runId: `run ${Math.floor(index / 14)}`,
            status: pick(['running', 'completed', 'failed'], index),
            trigger: 'user',
            durationMs: pick([undefined, 40, 90], index),
          },
          { kind: 'telemetry', name: pick(['opened', 'closed'], index) },
        ],
        index,
      ),
    };
    const told = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
    return {
      at: new Date(now - index * 8.1 * 3_600_000 - 90_000).toISOString(),
      event: (id: string) => ({ id, ...told }) as unknown as UsageEvent,
    };
  });
}

const principals: readonly Principal[] = [
  operator,
  adminOf('cus_1'),
  adminOf('cus_2', { includeDescendants: true }),
  adminOf('nobody'),
];

describe('embedded and reference', () => {
  let storage: Storage;
  let stands: readonly QuestionStand[] = [];
  let ids: readonly string[] = [];
  let answered = 0;

  beforeAll(async () => {
    storage = embedded();
    await storage.migrate('auto');
    stands = await Promise.all([
      createQuestionStand({ timeZone: 'Europe/Berlin' }),
      createQuestionStand({ timeZone: 'Europe/Berlin', storage }),
    ]);
    for (const stand of stands) {
      await stand.store.putCustomers(
        [
          { id: 'cus_1', name: 'One' },
          { id: 'cus_2', name: 'Two' },
          { id: 'cus_3', name: 'Three', parentCustomerId: 'cus_2' },
        ],
        now,
      );
      await stand.store.putFlows([{ id: 'triage', name: 'Claims triage' }], now);
      await stand.store.putInvoices(
        Array.from({ length: 40 }, (_, index) => ({
          id: `in_${index}`,
          customerId: `cus_${(index % 3) + 1}`,
          status: index % 5 === 0 ? ('draft' as const) : ('posted' as const),
          currency: index % 4 === 0 ? 'JPY' : 'USD',
          totalExclTax: 1000 + index,
          totalInclTax: 1190 + index,
          issueDate: new Date(now - index * 86_400_000).toISOString().slice(0, 10),
        })),
        now,
      );
      await stand.store.putProviderLines(
        Array.from({ length: 12 }, (_, index) => {
          const from = Date.UTC(2026, 10, 7 + index);
          return {
            sourceId: `line ${index}`,
            provider: 'openai',
            from: new Date(from).toISOString(),
            to: new Date(from + 86_400_000).toISOString(),
            requests: index,
            usage: { input: 900 * index },
            cost: { amount: `${index}.25`, currency: 'USD' },
            fetchedAt: new Date(now).toISOString(),
          };
        }),
        now,
      );
      ids = await stand.calls(...someCalls());
      await stand.events(...someEvents());
      await stand.reprice(ids[500], costs[1], { list: '2' });
    }
  });
  afterAll(() => storage.close());

  /** Both answers, without what tells the engine and the clock of its machine. */
  async function both(ask: (stand: QuestionStand) => Promise<unknown>): Promise<readonly unknown[]> {
    return Promise.all(
      stands.map(async (stand) => {
        const answer = await ask(stand).catch((error: unknown) => {
          if (!ProblemError.is(error)) throw error;
          return { refused: error.code };
        });
        if (typeof answer === 'object' && answer !== null && !('refused' in answer)) answered += 1;
        return JSON.parse(JSON.stringify(answer), (key, value: unknown) =>
          ['engine', 'asOf', 'recordedAt'].includes(key) ? undefined : value,
        ) as unknown;
      }),
    );
  }

  beforeEach(() => {
    answered = 0;
  });

  it('give the same answer to any insight', async () => {
    const question = fc.record({
      principal: fc.constantFrom(...principals),
      id: fc.constantFrom(...insightIds),
      groupBy: fc.constantFrom('none', 'model', 'provider', 'product', 'flow', 'customer'),
      grain: fc.constantFrom('hour', 'day', 'week', 'month'),
      top: fc.constantFrom('1', '2', '20'),
      orderBy: fc.constantFrom('cost', 'tokens', 'calls'),
      timeZone: fc.constantFrom('Europe/Berlin', 'UTC', 'Asia/Kathmandu', 'Australia/Lord_Howe'),
      from: fc.constantFrom('2026-10-20T00:00:00Z', '2026-11-18T23:00:00Z', '2026-09-01T10:10:00Z'),
    });
    await fc.assert(
      fc.asyncProperty(question, async ({ principal, id, groupBy, grain, top, orderBy, timeZone, from }) => {
        const shaped: Record<string, string> =
          id === 'usage-over-time' ? { groupBy, grain, top, orderBy } : {};
        const parameters = new URLSearchParams({ timeZone, from, ...shaped });
        const [one, other] = await both(({ door }) => answerInsight(door, principal, id, parameters));
        expect(other).toEqual(one);
      }),
      { numRuns: 60 },
    );
    expect(answered).toBeGreaterThan(60);
  });

  it('give the same answer to any query', async () => {
    const names = ['calls', 'errors', 'total_tokens', 'prompt_tokens', 'messages', 'conversations'];
    const others = [
      'average_tokens_per_message',
      'average_tokens_per_conversation',
      'pending_calls',
      'cost',
      'list_cost',
    ];
    const question = fc.record({
      principal: fc.constantFrom(...principals),
      measures: fc.uniqueArray(fc.constantFrom(...names, ...others), { minLength: 1, maxLength: 4 }),
      dimensions: fc.uniqueArray(
        fc.constantFrom('time', 'flow', 'customer', 'model', 'environment', 'currency'),
        {
          maxLength: 3,
        },
      ),
      grain: fc.constantFrom('hour', 'day', 'week', 'month'),
      filter: fc.constantFrom(
        { field: 'flow', operator: 'isNull' },
        { field: 'flow', operator: 'ne', values: ['triage'] },
        { field: 'flow_id', operator: 'contains', values: [`'`] },
        { field: 'environment', operator: 'in', values: ['production', 'staging'] },
        { field: 'currency', operator: 'eq', values: ['USD'] },
        null,
      ),
      from: fc.constantFrom('2026-10-31T23:00:00Z', '2026-11-15T10:07:00Z', undefined),
    });
    await fc.assert(
      fc.asyncProperty(question, async ({ principal, grain, filter, ...query }) => {
        const body = {
          ...query,
          ...(query.dimensions.includes('time') ? { grain } : {}),
          ...(filter ? { filters: [filter] } : {}),
        };
        const [one, other] = await both(({ door }) => queryDataset(door, principal, 'token_usage', body));
        expect(other).toEqual(one);
      }),
      { numRuns: 80 },
    );
    expect(answered).toBeGreaterThan(60);
  });

  it('give the same answer to any query about events of a kind', async () => {
    const measuresOf: Readonly<Record<string, readonly string[]>> = {
      tool_calls: ['calls', 'errors', 'error_rate', 'average_duration', 'p50_duration', 'p95_duration'],
      chat: ['conversations', 'messages', 'engaged_conversations', 'messages_per_conversation'],
      conversions: ['conversions', 'revenue', 'average_value', 'customers', 'conversations'],
      flow_runs: ['runs', 'completed', 'in_flight', 'success_rate', 'average_duration', 'p95_duration'],
      telemetry: ['events', 'conversations'],
    };
    const question = fc.record({
      principal: fc.constantFrom(operator, adminOf('cus_1', { permissions: eventLeaves })),
      id: fc.constantFrom(...Object.keys(measuresOf)),
      measures: fc.shuffledSubarray([0, 1, 2, 3, 4, 5], { minLength: 1 }),
      dimensions: fc.uniqueArray(fc.constantFrom('time', 'flow', 'customer', 'channel', 'currency'), {
        maxLength: 3,
      }),
      grain: fc.constantFrom('hour', 'day', 'week', 'month'),
      timeZone: fc.constantFrom('Europe/Berlin', 'Asia/Kathmandu', 'Australia/Lord_Howe'),
      from: fc.constantFrom('2026-10-20T00:00:00Z', '2026-11-18T23:07:00Z', undefined),
    });
    await fc.assert(
      fc.asyncProperty(question, async ({ principal, id, measures, dimensions, grain, ...query }) => {
        const names = measuresOf[id] ?? [];
        const shown = dimensions.filter(
          (dimension) =>
            (dimension !== 'currency' || id === 'conversions') &&
            (dimension !== 'channel' || id !== 'tool_calls'),
        );
        const body = {
          ...query,
          measures: [...new Set(measures.map((index) => names[index % names.length]))],
          dimensions: shown,
          ...(shown.includes('time') ? { grain } : {}),
        };
        const [one, other] = await both(({ door }) => queryDataset(door, principal, id, body));
        expect(other).toEqual(one);
      }),
      { numRuns: 60 },
    );
    expect(answered).toBeGreaterThan(60);
  });

  it('give the same lists, page by page, and the same conversations', async () => {
    const query = { measures: ['total_tokens', 'cost', 'charge'], limit: 150 };
    for (const principal of [operator, adminOf('cus_1')]) {
      const pages = await Promise.all(
        stands.map(async ({ door }) => {
          const rows: unknown[] = [];
          let cursor: string | undefined;
          do {
            const page = await queryDataset(door, principal, 'calls', {
              ...query,
              ...(cursor === undefined ? {} : { cursor }),
            });
            rows.push(...page.rows);
            cursor = page.nextCursor ?? undefined;
          } while (cursor !== undefined);
          return rows;
        }),
      );
      expect(pages[0]?.length).toBe(principal === operator ? ids.length : 150);
      expect(pages[1]).toEqual(pages[0]);
    }
    for (const id of ['c1', 'c4', 'nobody', 'half \ud800']) {
      const [one, other] = await both(({ door }) => readConversation(door, adminOf('cus_1'), id));
      expect(other).toEqual(one);
    }
  });

  it('give the same calls and traces', async () => {
    for (const id of [ids[0], ids[1], ids[500], 'nonsense', '\u0000']) {
      const [one, other] = await both(({ door }) => explainCall(door, operator, id ?? ''));
      expect(other).toEqual(one);
    }
    const [one, other] = await both(({ door }) => readTrace(door, adminOf('cus_1'), 'a'.repeat(32)));
    expect(other).toEqual(one);
  });
});
