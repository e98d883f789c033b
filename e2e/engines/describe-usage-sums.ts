import {
  datasetIds,
  type CallAnswer,
  type DatasetAnswer,
  type DatasetCatalogue,
  type DatasetQuery,
  type Problem,
} from '@tallykit/protocol';
import { beforeAll, describe, expect, test } from 'vitest';
import { expectProblem, type OpenServer } from './open-server.ts';
import {
  amountOf,
  groupPlan,
  localDay,
  localHour,
  mondayOf,
  planCalls,
  seeded,
  totalsOfPlan,
  type PlannedCall,
} from './planned-calls.ts';
import { usageAskedAt as now } from './describe-usage-rules.ts';

// Clocks go forward in New York on the 14th and in Berlin on the 28th.
const span = { from: '2027-03-08T00:00:00Z', to: '2027-03-31T09:00:00Z' };
const planned = planCalls(500, span);
const measures = [
  'calls',
  'total_tokens',
  'prompt_tokens',
  'completion_tokens',
  'cost',
  'pending_calls',
  'errors',
];

const read: Readonly<Record<string, (call: PlannedCall) => string | null>> = {
  flow: ({ event }) => event.flow ?? null,
  customer: ({ event }) => event.customerId ?? null,
  product: ({ event }) => event.productId ?? null,
  model: ({ event }) => event.requestModel,
  provider: ({ event }) => event.provider,
  configuration: ({ event }) => event.configuration ?? null,
  environment: ({ event }) => event.environment ?? null,
};

/** Questions about many calls at once, each compared with what was sent. */
export function describeUsageSums(opened: () => OpenServer): void {
  let server: OpenServer;
  beforeAll(async () => {
    server = opened();
    await server.send(planned.map(({ event }) => event));
    await server.caughtUp();
  });

  const query = (body: DatasetQuery, as = 'operator') =>
    server.ask<DatasetAnswer & Problem>('POST /v1/datasets/token_usage/query', { as, body });

  describe('of planned calls', () => {
    test('the whole is what was sent, and nothing is lost between cost and pending', async () => {
      const [row] = await server.rows({ measures });
      expect(row).toEqual(totalsOfPlan(planned));
      const spend = await server.insight('token-spend');
      expect(spend.calls).toBe(planned.length);
      expect(spend.pending.calls + planned.filter(({ cost }) => cost !== null).length).toBe(planned.length);
      expect(spend.pending.reasons.map(({ reason }) => reason).toSorted()).toEqual([
        'unknown_model',
        'usage_absent',
      ]);
    });

    test.each(Object.keys(read))('by %s each group is what was sent', async (dimension) => {
      const rows = await server.rows({ measures, dimensions: [dimension] });
      const found = new Map(rows.map(({ [dimension]: key, ...figures }) => [key, figures]));
      expect(found).toEqual(groupPlan(planned, read[dimension] ?? (() => null)));
    });

    test.each(Object.keys(read))('a filter on %s leaves what was sent of it', async (field) => {
      const keyOf = read[field] ?? (() => null);
      const [value = '', second = value] = [...new Set(planned.map(keyOf))].filter((key) => key !== null);
      const cases = [
        { operator: 'eq' as const, values: [value], keep: (key: string | null) => key === value },
        {
          operator: 'in' as const,
          values: [value, second],
          keep: (key: string | null) => key === value || key === second,
        },
        {
          operator: 'contains' as const,
          values: [value.slice(1)],
          keep: (key: string | null) => key?.includes(value.slice(1)) ?? false,
        },
      ];
      for (const { operator, values, keep } of cases) {
        const [row] = await server.rows({ measures, filters: [{ field, operator, values }] });
        expect([operator, row]).toEqual([
          operator,
          totalsOfPlan(planned.filter((call) => keep(keyOf(call)))),
        ]);
      }
      const others = await server.rows({
        measures: ['calls'],
        filters: [{ field, operator: 'ne', values: [value] }],
      });
      expect(others[0]?.['calls'] ?? 0).toBe(planned.filter((call) => keyOf(call) !== value).length);
    });

    test('the filter of the report hub on a flow is the same one', async () => {
      const filters = [{ field: 'flow_id', operator: 'eq' as const, values: ['triage'] }];
      const [row] = await server.rows({ measures, filters });
      expect(row).toEqual(totalsOfPlan(planned.filter(({ event }) => event.flow === 'triage')));
    });

    test.each(['Europe/Berlin', 'UTC', 'Asia/Kathmandu', 'America/New_York', 'Australia/Lord_Howe'])(
      'days, weeks, months and hours are those of %s, over a change of clocks too',
      async (timeZone) => {
        const labels = {
          hour: (at: number | string) => localHour(at, timeZone),
          day: (at: number | string) => localDay(at, timeZone),
          week: (at: number | string) => mondayOf(localDay(at, timeZone)),
          month: (at: number | string) => localDay(at, timeZone).slice(0, 7),
        };
        for (const grain of ['hour', 'day', 'week', 'month'] as const) {
          const answer = await query({
            measures,
            dimensions: ['time'],
            grain,
            timeZone,
            from: span.from,
            to: now,
            limit: 10_000,
          });
          expect(answer.status, answer.text).toBe(200);
          const { columns, rows } = answer.body;
          const found = rows.map((row) =>
            Object.fromEntries(columns.map(({ id }, index) => [id, row[index] ?? null])),
          );
          const starts = found.map(({ time }) => String(time));
          expect(starts).toEqual(starts.toSorted());
          const byLabel = new Map(
            found.map(({ time, ...figures }) => [labels[grain](String(time)), figures]),
          );
          expect(byLabel.size).toBe(found.length);
          expect(byLabel).toEqual(groupPlan(planned, ({ startedAt }) => labels[grain](startedAt)));
          if (grain === 'hour') continue;
          for (const start of starts) expect(localHour(start, timeZone)).toMatch(/ 00$/);
        }
      },
    );

    test('a chart by any group adds up to the same whole, with the rest in one series', async () => {
      const whole = totalsOfPlan(planned);
      for (const groupBy of ['none', 'model', 'provider', 'product', 'flow', 'configuration', 'customer']) {
        for (const top of ['1', '20']) {
          const chart = await server.insight('usage-over-time', { groupBy, top });
          const all = [...chart.series, ...(chart.others === null ? [] : [chart.others])];
          const points = all.flatMap((series) => series.points).filter((point) => point !== null);
          for (const parts of [[chart.total], all.map(({ total }) => total), points]) {
            expect({
              calls: parts.reduce((sum, { calls }) => sum + calls, 0),
              tokens: parts.reduce((sum, { tokens }) => sum + (tokens ?? 0), 0),
              cost: amountOf(parts.reduce((sum, { cost }) => sum + unitsOf(cost[0]?.amount), 0n)),
              pending: parts.reduce((sum, { pendingCalls }) => sum + pendingCalls, 0),
            }).toEqual({
              calls: whole.calls,
              tokens: whole.total_tokens,
              cost: whole.cost,
              pending: whole.pending_calls,
            });
          }
        }
      }
    });

    test('single calls, sums and datasets agree to the last digit', async () => {
      const own = planned.filter(({ event }) => event.customerId === 'west');
      const answers = await Promise.all(
        own.map(({ event }) => server.ask<CallAnswer>(`GET /v1/calls/${event.id}`, { as: 'operator' })),
      );
      const total = amountOf(
        answers.reduce(
          (sum, { body }) => sum + unitsOf(body.cost.effective?.amount ?? body.cost.charge?.amount),
          0n,
        ),
      );
      const spend = await server.insight('token-spend', { asCustomer: 'west' });
      const series = amountOf(spend.series.reduce((sum, point) => sum + unitsOf(point.spend[0]?.amount), 0n));
      const [row] = await server.rows({ measures: ['cost', 'calls'], asCustomer: 'west' });
      expect([total, series, spend.spend[0]?.amount, row?.['cost']]).toEqual(
        Array.from({ length: 4 }, () => totalsOfPlan(own).cost),
      );
      expect([row?.['calls'], spend.calls]).toEqual([own.length, own.length]);
    });

    test('any span, groups and filters together come to what was sent, or are refused as too detailed', async () => {
      const random = seeded(7);
      const below = (limit: number): number => Math.floor(random() * limit);
      const units = [1, 900_000, 3_600_000, 86_400_000];
      const [first, last] = [Date.parse(span.from), Date.parse(now)];
      const keys = Object.keys(read);
      const answered = { yes: 0, no: 0 };
      for (let round = 0; round < 60; round++) {
        const unit = units[below(units.length)] ?? 1;
        const instant = (): number => Math.round((first + random() * (last - first)) / unit) * unit;
        const [one, other] = [instant(), instant()];
        const [from, to] = [Math.min(one, other), Math.max(one, other) + unit];
        const dimensions = keys.filter(() => random() < 0.15);
        const field = keys[below(keys.length)] ?? 'flow';
        const values = [...new Set(planned.map((call) => read[field]?.(call) ?? null))].filter(
          (key) => key !== null,
        );
        const value = values[below(values.length)] ?? '';
        const filters = random() < 0.4 ? [{ field, operator: 'eq' as const, values: [value] }] : [];
        const asked = { measures, dimensions, filters, from: iso(from), to: iso(to), limit: 10_000 };
        const answer = await query(asked);
        if (answer.status === 400) {
          expect([asked, answer.body.code]).toEqual([asked, 'too_detailed']);
          answered.no++;
          continue;
        }
        answered.yes++;
        expect(answer.status, answer.text).toBe(200);
        const { columns, rows } = answer.body;
        const found = rows.map((row) =>
          Object.fromEntries(columns.map(({ id }, index) => [id, row[index] ?? null])),
        );
        const keyOf = (of: (dimension: string) => unknown): string => JSON.stringify(dimensions.map(of));
        const byKey = new Map(
          found
            .filter(({ calls }) => calls !== 0)
            .map((row) => [
              keyOf((dimension) => row[dimension]),
              Object.fromEntries(measures.map((id) => [id, row[id] ?? null])),
            ]),
        );
        const meant = planned.filter(
          (call) =>
            call.startedAt >= from &&
            call.startedAt < to &&
            (filters.length === 0 || read[field]?.(call) === value),
        );
        const expected = groupPlan(meant, (call) => keyOf((dimension) => read[dimension]?.(call) ?? null));
        expect({ asked, rows: byKey }).toEqual({ asked, rows: expected });
      }
      expect(answered.yes).toBeGreaterThan(20);
    });

    test('the daily cost of each customer is there without anybody asking for a sum', async () => {
      const rows = await server.rows({ measures, dimensions: ['time', 'customer'], limit: 10_000 });
      const found = new Map(
        rows.map(({ time, customer, ...figures }) => [
          `${localDay(String(time), 'Europe/Berlin')} ${customer}`,
          figures,
        ]),
      );
      const day = ({ startedAt }: PlannedCall) => localDay(startedAt, 'Europe/Berlin');
      expect(found).toEqual(groupPlan(planned, (call) => `${day(call)} ${call.event.customerId ?? null}`));
      const chart = await server.insight('usage-over-time', {
        groupBy: 'customer',
        orderBy: 'calls',
        top: '3',
      });
      expect(chart.series.map(({ total }) => total.calls)).toEqual(
        chart.series.map(({ total }) => total.calls).toSorted((a, b) => b - a),
      );
    });
  });

  describe('that the dataset does not have', () => {
    test.each<readonly [string, object, string]>([
      ['measure', { measures: ['calls', 'profit'] }, '/measures/1'],
      ['dimension', { measures: ['calls'], dimensions: ['planet'] }, '/dimensions/0'],
      ['user as a dimension', { measures: ['calls'], dimensions: ['user'] }, '/dimensions/0'],
      [
        'filter',
        { measures: ['calls'], filters: [{ field: 'user', operator: 'eq', values: ['x'] }] },
        '/filters/0/field',
      ],
      [
        'filter on time',
        { measures: ['calls'], filters: [{ field: 'time', operator: 'eq', values: ['x'] }] },
        '/filters/0/field',
      ],
      [
        'operator',
        { measures: ['calls'], filters: [{ field: 'flow', operator: 'gt', values: ['x'] }] },
        '/filters/0/operator',
      ],
      [
        'operator at all',
        { measures: ['calls'], filters: [{ field: 'flow', operator: 'like', values: ['x'] }] },
        '/filters/0/operator',
      ],
      ['grain', { measures: ['calls'], dimensions: ['time'], grain: 'minute' }, '/grain'],
      ['time zone', { measures: ['calls'], timeZone: 'Mars/Olympus' }, '/timeZone'],
      ['key', { measures: ['calls'], sql: 'select 1' }, '/sql'],
      ['measure that is SQL', { measures: ['calls; drop table event'] }, '/measures/0'],
      ['number of measures', { measures: [] }, '/measures'],
      ['range', { measures: ['calls'], from: now, to: span.from }, '/from'],
      ['day', { measures: ['calls'], from: '2027-02-30T00:00:00Z' }, '/from'],
    ])('no such %s is refused by name', async (_what, body, pointer) => {
      const answer = await server.ask('POST /v1/datasets/token_usage/query', { as: 'operator', body });
      expectProblem(answer, 400, answer.body.code);
      expect(answer.body.code).toMatch(/^invalid_(query|request)$/);
      expect(answer.body.errors?.map((error) => error.pointer)).toEqual([pointer]);
    });

    test.each([
      ['usage-over-time?groupBy=planet', 'groupBy'],
      ['usage-over-time?grain=minute', 'grain'],
      ['usage-over-time?top=0', 'top'],
      ['usage-over-time?filter=planet:eq:x', 'filter'],
      ['token-spend?timeZone=Mars', 'timeZone'],
      ['token-spend?from=yesterday', 'from'],
      ['token-spend?sql=1', 'sql'],
      ['revenue-hero?groupBy=flow', 'groupBy'],
    ])('insight %s is refused by the name of the parameter', async (path, pointer) => {
      const answer = await server.ask(`GET /v1/insights/${path}`, { as: 'operator' });
      expectProblem(answer, 400, 'invalid_parameter');
      expect(answer.body.errors?.map((error) => error.pointer)).toEqual([pointer]);
    });

    test('unknown insights and datasets are not found', async () => {
      expectProblem(
        await server.ask('GET /v1/insights/horoscope', { as: 'operator' }),
        404,
        'insight_not_found',
      );
      const body = { measures: ['calls'] };
      const answer = await server.ask('POST /v1/datasets/horoscope/query', { as: 'operator', body });
      expectProblem(answer, 404, 'dataset_not_found');
    });

    test('too many details at once are refused with what to ask instead', async () => {
      const answer = await query({
        measures: ['calls'],
        dimensions: ['flow', 'model', 'product', 'configuration'],
      });
      expectProblem(answer, 400, 'too_detailed');
      const own = await query({
        measures: ['calls'],
        dimensions: ['flow', 'model', 'product'],
        asCustomer: 'west',
        from: span.from,
      });
      expect(own.status, own.text).toBe(200);
    });
  });

  test('the catalogue names the six datasets of the report hub, and what can be asked of token usage', async () => {
    const { body } = await server.ask<DatasetCatalogue>('GET /v1/datasets', { as: 'operator' });
    expect(body.ids).toEqual(datasetIds);
    expect(body.ids.slice(0, 6)).toEqual([
      'conversions',
      'chat',
      'token_usage',
      'flow_runs',
      'telemetry',
      'funnel',
    ]);
    const usage = body.datasets.find(({ id }) => id === 'token_usage');
    expect(usage?.dimensions.find(({ id }) => id === 'time')?.grains).toEqual([
      'hour',
      'day',
      'week',
      'month',
    ]);
    expect(usage?.defaultWindowDays).toBe(90);
    for (const { id } of usage?.measures ?? []) {
      const answer = await query({ measures: [id] });
      expect([id, answer.status]).toEqual([id, 200]);
    }
  });
}

function unitsOf(amount = '0'): bigint {
  const [whole = '0', fraction = ''] = amount.split('.');
  return BigInt(whole + fraction.padEnd(12, '0'));
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}
