import { randomUUID } from 'node:crypto';
import type { UsageEvent } from '@tallykit/protocol';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { uuidV7 } from '../../primitives/uuid-v7.ts';
import type { EventField } from '../../storage/contract/event-fields.ts';
import type { FactAggregate, FactPlan, PlanFilter } from '../../storage/contract/read-plan.ts';
import type { ReadScope } from '../../storage/contract/scoped-reader.ts';
import type { Storage } from '../../storage/contract/storage.ts';
import { buildCall, buildItem, pendingFor } from '../build-events.ts';
import { referenceStorage } from '../reference/reference-storage.ts';
import { settings, type StorySetting } from './story.ts';
import { newOrganization, november } from './suite-context.ts';

const hour = 3_600_000;
const day = 24 * hour;
const start = Date.UTC(2026, 10, 20, 10);

type EventOf<Kind extends UsageEvent['kind']> = Extract<UsageEvent, { readonly kind: Kind }>;
type Told<Kind extends UsageEvent['kind']> = Omit<EventOf<Kind>, 'id' | 'traceId' | 'kind'>;

function told<Kind extends UsageEvent['kind']>(kind: Kind, at: number, fields: Told<Kind>) {
  // The fields are those of the kind, which the compiler cannot follow through the spread.
  const event = { kind, id: uuidV7(at), traceId: 'a'.repeat(32), ...fields } as unknown as UsageEvent;
  return buildItem(event);
}

function factPlan(of: FactPlan['of'], changes: Partial<FactPlan>): FactPlan {
  return {
    kind: 'facts',
    of,
    standing: false,
    range: november,
    bucket: null,
    dimensions: [],
    measures: { events: { kind: 'count' } },
    filters: [],
    limit: 1000,
    ...changes,
  };
}

const maybe = <Value>(...values: readonly Value[]) => fc.constantFrom(undefined, ...values);

function anyEvent({ around }: StorySetting) {
  const who = fc.record({
    customerId: maybe('c1', 'c2', `Ünï "c", {3}'`),
    flow: fc.constantFrom('triage', 'reply', `o'hara`),
    channel: maybe('web', 'mail'),
    conversationId: fc.constantFrom('talk 1', 'talk 2', 'talk 3'),
  });
  const own = fc.oneof(
    fc.record({
      kind: fc.constant('tool_call'),
      tool: fc.constantFrom('search', 'fetch "it"'),
      server: maybe('docs'),
      status: fc.constantFrom('ok', 'error', 'aborted'),
      errorClass: maybe('Timeout'),
      durationMs: fc.constantFrom(0, 1, 7, 40, 1500, Number.MAX_SAFE_INTEGER),
    }),
    fc.record({ kind: fc.constant('conversation_message'), role: fc.constantFrom('user', 'agent') }),
    fc.record({
      kind: fc.constant('flow_run'),
      runId: fc.constantFrom('r1', 'r2', 'r3', 'r4'),
      status: fc.constantFrom('running', 'completed', 'failed', 'aborted'),
      trigger: fc.constantFrom('user', 'schedule'),
      durationMs: maybe(0, 250, 900),
    }),
    fc.record({
      kind: fc.constant('goal_completion'),
      goal: fc.constantFrom('demo', 'sale'),
      value: maybe(
        { amount: '0.000000000000000001', currency: 'USD' },
        { amount: '12.5', currency: 'EUR' },
        { amount: '-3', currency: 'USD' },
      ),
    }),
  );
  return fc.record({ offset: fc.integer({ min: -3 * day, max: 3 * day }), who, own }).map((drawn) => {
    const fields = Object.entries({ ...drawn.who, ...drawn.own }).filter(([, value]) => value !== undefined);
    const event = {
      id: uuidV7(around + drawn.offset),
      traceId: 'b'.repeat(32),
      ...Object.fromEntries(fields),
    } as unknown as UsageEvent;
    return buildItem(event);
  });
}

const aggregates: Readonly<Record<string, FactAggregate>> = {
  events: { kind: 'count' },
  failed: { kind: 'count', where: { field: 'status', in: ['error', 'failed'] } },
  timed: { kind: 'count', of: 'duration' },
  talks: { kind: 'distinct', of: 'conversation' },
  told_talks: { kind: 'distinct', of: 'conversation', where: { field: 'role', in: ['user'] } },
  engaged: {
    kind: 'reached',
    of: 'conversation',
    least: [
      { count: 2, where: { field: 'role', in: ['user'] } },
      { count: 1, where: { field: 'role', in: ['agent'] } },
    ],
  },
  busy: {
    kind: 'reached',
    of: 'customer',
    least: [{ count: 3, where: { field: 'flow', in: ['triage', 'reply'] } }],
  },
  total_ms: { kind: 'sum', of: 'duration' },
  worth: { kind: 'sum', of: 'amount', where: { field: 'currency', in: ['USD'] } },
  p50: { kind: 'percentile', of: 'duration', fraction: 0.5 },
  p95: { kind: 'percentile', of: 'duration', fraction: 0.95, where: { field: 'status', in: ['ok'] } },
};

const fields: readonly EventField[] = ['customer', 'flow', 'channel', 'status', 'tool', 'role', 'currency'];

function anyPlan({ around, timeZone }: StorySetting): fc.Arbitrary<FactPlan> {
  const filter: fc.Arbitrary<PlanFilter<EventField>> = fc.constantFrom(
    { field: 'flow', operator: 'eq', values: ['triage'] },
    { field: 'flow', operator: 'contains', values: [`'`] },
    { field: 'channel', operator: 'isNull', values: [] },
    { field: 'status', operator: 'ne', values: ['ok'] },
    { field: 'customer', operator: 'in', values: ['c1', `Ünï "c", {3}'`] },
  );
  return fc
    .record({
      of: fc.constantFrom('tool_call', 'conversation_message', 'flow_run', 'goal_completion'),
      standing: fc.boolean(),
      from: fc.integer({ min: -3 * day, max: 0 }),
      to: fc.integer({ min: 1, max: 3 * day }),
      grain: fc.constantFrom(null, 'hour', 'day', 'week', 'month'),
      zone: fc.constantFrom(timeZone, 'UTC'),
      dimensions: fc.subarray([...fields], { maxLength: 3 }),
      measures: fc.subarray(Object.keys(aggregates), { minLength: 1 }),
      filters: fc.subarray([0, 1], { maxLength: 1 }).chain((some) => fc.tuple(...some.map(() => filter))),
    })
    .map(({ of, standing, from, to, grain, zone, measures, ...rest }) => ({
      ...factPlan(of as FactPlan['of'], rest),
      standing: standing && of === 'flow_run',
      range: { from: around + from, to: around + to },
      bucket: grain === null ? null : { grain: grain as 'day', timeZone: zone },
      measures: Object.fromEntries(measures.map((name) => [name, aggregates[name] ?? { kind: 'count' }])),
    }));
}

/** What is read from single events: figures over kinds of events, lists of calls, conversations. */
export function describeFacts(storage: () => Storage): void {
  describe('events of a kind', () => {
    it('are counted, summed and ranked', async () => {
      const organization = await newOrganization(storage());
      const durations = [40, 10, 30, 20, 50];
      await organization.append(
        ...durations.map((durationMs, index) =>
          told('tool_call', start + index, {
            tool: 'search',
            status: index === 0 ? 'error' : 'ok',
            durationMs,
          }),
        ),
        told('telemetry', start, { name: 'opened' }),
        buildItem(buildCall({ at: start })),
      );
      const rows = await organization.read(
        factPlan('tool_call', {
          dimensions: ['tool'],
          measures: {
            events: { kind: 'count' },
            failed: { kind: 'count', where: { field: 'status', in: ['error'] } },
            total: { kind: 'sum', of: 'duration' },
            p50: { kind: 'percentile', of: 'duration', fraction: 0.5 },
            p95: { kind: 'percentile', of: 'duration', fraction: 0.95 },
          },
        }),
      );
      expect(rows).toEqual([{ tool: 'search', events: 5, failed: 1, total: '150', p50: 30, p95: 50 }]);
    });

    it('give one row of nothing when there are none, and no row when that is cut', async () => {
      const organization = await newOrganization(storage());
      const measures: FactPlan['measures'] = {
        events: { kind: 'count' },
        total: { kind: 'sum', of: 'duration' },
        engaged: { kind: 'reached', of: 'conversation', least: [] },
      };
      expect(await organization.read(factPlan('tool_call', { measures }))).toEqual([
        { events: 0, total: null, engaged: 0 },
      ]);
      expect(await organization.read(factPlan('tool_call', { measures, dimensions: ['tool'] }))).toEqual([]);
    });

    it('tell each run once, by how it stands, at the time it began', async () => {
      const organization = await newOrganization(storage());
      const midnight = Date.UTC(2026, 10, 21);
      const run = (at: number, runId: string, status: EventOf<'flow_run'>['status'], customerId = 'c1') =>
        told('flow_run', at, { flow: 'triage', runId, status, trigger: 'user', customerId });
      await organization.append(
        run(midnight - 1000, 'over midnight', 'running'),
        run(midnight + 1000, 'over midnight', 'completed'),
        // Told by another clock: the end came before the beginning.
        run(midnight + 5000, 'skewed', 'running'),
        run(midnight + 4000, 'skewed', 'failed'),
        run(midnight + 6000, 'open', 'running'),
        run(midnight + 7000, 'skewed', 'running', 'c2'),
      );
      const plan = factPlan('flow_run', {
        standing: true,
        bucket: { grain: 'day', timeZone: 'UTC' },
        dimensions: ['status'],
      });
      expect(await organization.read(plan)).toEqual([
        { bucket: midnight - day, status: 'completed', events: 1 },
        { bucket: midnight, status: 'failed', events: 1 },
        { bucket: midnight, status: 'running', events: 2 },
      ]);
      // A range that holds only its end does not hold the run.
      const after = { ...plan, bucket: null, range: { from: midnight, to: november.to } };
      expect(await organization.read(after, organization.of('c1'))).toEqual([
        { status: 'failed', events: 1 },
        { status: 'running', events: 1 },
      ]);
    });

    it('are only those of the customers in scope', async () => {
      const organization = await newOrganization(storage());
      const call = { tool: 'search', status: 'ok', durationMs: 1 } as const;
      await organization.append(
        told('tool_call', start, { ...call, customerId: 'c1' }),
        told('tool_call', start, { ...call, customerId: 'c2' }),
        told('tool_call', start, call),
      );
      const other = await newOrganization(storage());
      const count = async (scope: ReadScope) =>
        (await organization.read(factPlan('tool_call', {}), scope))[0]?.['events'];
      expect(await count(organization.everyone)).toBe(3);
      expect(await count(organization.of('c1'))).toBe(1);
      expect(await count(organization.of('nobody'))).toBe(0);
      expect(await count(other.everyone)).toBe(0);
    });

    it.each(settings.map((setting, index) => ({ ...setting, index })))(
      'give the figures of the reference in $timeZone',
      async ({ index, ...setting }) => {
        const sample = { numRuns: 1, seed: 20_261_120 + index };
        const [items = []] = fc.sample(
          fc.array(anyEvent(setting), { minLength: 150, maxLength: 150 }),
          sample,
        );
        const tested = await newOrganization(storage(), setting.timeZone);
        const reference = await newOrganization(referenceStorage(), setting.timeZone);
        await tested.append(...items);
        await reference.append(...items);
        for (const plan of fc.sample(anyPlan(setting), { ...sample, numRuns: 25 })) {
          for (const customers of ['all', ['c1', `Ünï "c", {3}'`]] as const) {
            const ask = (of: typeof tested) => of.read(plan, { organizationId: of.id, customers });
            expect(await ask(tested), JSON.stringify(plan)).toEqual(await ask(reference));
          }
        }
      },
    );
  });

  describe('a list of calls', () => {
    const list = {
      kind: 'calls',
      range: november,
      filters: [],
      before: null,
      upTo: null,
      limit: 100,
    } as const;

    it('goes on where a page ended, whatever arrives meanwhile', async () => {
      const organization = await newOrganization(storage());
      const at = (index: number) => start + index * 1000;
      const calls = Array.from({ length: 7 }, (_, index) => buildCall({ at: at(index) }));
      await organization.append(...calls.map((call) => buildItem(call)));
      const { sequence } = await organization.store.logHead();
      const first = await organization.read({ ...list, upTo: sequence, limit: 3 });
      await organization.append(
        buildItem(buildCall({ at: at(9) })),
        buildItem(buildCall({ at: at(1) + 1 })),
        told('tool_call', at(1) + 2, { tool: 'search', status: 'ok', durationMs: 1 }),
      );
      const before = first.at(-1)?.event.id ?? null;
      const rest = await organization.read({ ...list, upTo: sequence, before });
      expect([...first, ...rest].map(({ event }) => event.id)).toEqual(
        calls.map(({ id }) => id).toReversed(),
      );
      expect(await organization.read(list)).toHaveLength(9);
    });

    it('shows attempts, second sightings and what waits, and finds them by it', async () => {
      const organization = await newOrganization(storage());
      const callId = randomUUID();
      const twice = { responseId: 'r1' };
      const [attempt, last, second, waiting] = [
        buildCall({ at: start, callId, final: false, status: 'error', httpStatus: 529 }),
        buildCall({ at: start + 1, callId, attempt: 2, ...twice, customerId: 'c1', conversationId: 'talk' }),
        buildCall({ at: start + 2, ...twice }),
        buildCall({ at: start + 3, batch: true, serviceTier: 'flex', customerId: 'c1' }),
      ];
      await organization.append(
        buildItem(attempt),
        buildItem(last),
        buildItem(second),
        buildItem(waiting, { cost: pendingFor('no_price') }),
      );
      const find = async (filters: readonly PlanFilter<never>[] | object[], scope = organization.everyone) =>
        (await organization.read({ ...list, filters: filters as PlanFilter<EventField>[] }, scope)).map(
          ({ event }) => event.id,
        );
      const is = (field: string, ...values: string[]) => [{ field, operator: 'in', values }];
      expect(await find([])).toEqual([waiting.id, second.id, last.id, attempt.id]);
      expect(await find(is('call', callId))).toEqual([last.id, attempt.id]);
      expect(await find(is('final', 'false'))).toEqual([attempt.id]);
      expect(await find(is('attempt', '2'))).toEqual([last.id]);
      expect(await find(is('http_status', '529'))).toEqual([attempt.id]);
      expect(await find(is('superseded', 'true'))).toEqual([second.id]);
      expect(await find(is('cost_state', 'pending'))).toEqual([waiting.id]);
      expect(await find(is('cost_state', 'not_counted'))).toEqual([second.id]);
      expect(await find(is('cost_state', 'priced'))).toEqual([last.id, attempt.id]);
      expect(await find(is('pending_reason', 'no_price', 'unknown_model'))).toEqual([waiting.id]);
      expect(await find([{ field: 'pending_reason', operator: 'isNull', values: [] }])).toHaveLength(3);
      expect(await find(is('batch', 'true'))).toEqual([waiting.id]);
      expect(await find(is('id', last.id, 'nonsense', ''))).toEqual([last.id]);
      expect(await find(is('conversation', 'talk', 'none'))).toEqual([last.id]);
      expect(await find(is('customer', 'c1'))).toEqual([waiting.id, last.id]);
      expect(await find(is('trace', 'nonsense', last.traceId))).toHaveLength(4);
      expect(await find([{ field: 'conversation', operator: 'ne', values: ['talk'] }])).toHaveLength(3);
      expect(await find(is('trace', last.traceId), organization.of('c1'))).toEqual([waiting.id, last.id]);
      expect(await find([{ field: 'batch', operator: 'isNull', values: [] }])).toHaveLength(3);
    });
  });

  it('a conversation is all its events in scope, oldest first', async () => {
    const organization = await newOrganization(storage());
    const talk = { conversationId: 'talk 1', customerId: 'c1' };
    const items = [
      told('conversation_message', start, { ...talk, role: 'user' }),
      buildItem(buildCall({ at: start + 1, ...talk })),
      told('tool_call', start + 2, { ...talk, tool: 'search', status: 'ok', durationMs: 3 }),
      buildItem(buildCall({ at: start + 3, ...talk, customerId: 'c2' })),
    ];
    await organization.append(...items, buildItem(buildCall({ at: start, conversationId: 'talk 2' })));
    const read = async (scope: ReadScope, conversationId = 'talk 1') =>
      (await organization.read({ kind: 'conversation', conversationId, limit: 10 }, scope)).map(
        ({ event }) => event.id,
      );
    const ids = items.map(({ event }) => event.id);
    expect(await read(organization.everyone)).toEqual(ids);
    expect(await read(organization.of('c1'))).toEqual(ids.slice(0, 3));
    expect(await read(organization.of('c1'), 'talk 2')).toEqual([]);
    expect(await read(organization.of('c1'), `'; drop table event`)).toEqual([]);
  });

  it('a flow is read as it was registered last', async () => {
    const organization = await newOrganization(storage());
    await organization.store.putFlows([{ id: 'triage', name: 'Triage', steps: ['asked'] }], 0);
    await organization.store.putFlows([{ id: 'triage', name: 'Claims', steps: ['asked', 'told'] }], 1);
    await organization.store.putFlows([{ id: 'bare', name: 'Bare' }], 1);
    expect(await organization.read({ kind: 'flow', id: 'triage' }, organization.of('c1'))).toEqual([
      { id: 'triage', name: 'Claims', steps: ['asked', 'told'] },
    ]);
    expect(await organization.read({ kind: 'flow', id: 'bare' })).toEqual([
      { id: 'bare', name: 'Bare', steps: [] },
    ]);
    expect(await organization.read({ kind: 'flow', id: 'unknown' })).toEqual([]);
  });

  it('signs positions in lists with a secret that stays', async () => {
    const secret = await storage().cursorSecret();
    expect(secret).toMatch(/^[0-9a-f]{64}$/);
    expect(await storage().cursorSecret()).toBe(secret);
  });
}
