import { describe, expect, it } from 'vitest';
import type { UsageEvent } from '@tallykit/protocol';
import { uuidV7 } from '../../primitives/uuid-v7.ts';
import { StorageError } from '../../storage/contract/storage-error.ts';
import type { Storage } from '../../storage/contract/storage.ts';
import { buildCall, buildItem, pendingFor, pricedAt } from '../build-events.ts';
import { newOrganization, organizationIn } from './suite-context.ts';

const at = Date.UTC(2026, 10, 20, 10);
const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';

const everyKind: readonly UsageEvent[] = [
  buildCall({
    spanId: '00f067aa0ba902b7',
    responseModel: 'gpt-4o-mini-2024-07-18',
    usage: { input: 5, cacheRead: 0, reasoning: 7, webSearches: 2 },
    rawUsage: { prompt_tokens: 5 },
    estimate: { method: 'characters', usage: { output: 3 } },
    statedCost: { amount: '0.000391', currency: 'USD' },
    providerIds: { projectId: 'proj' },
    tags: { 'quote " back \\ slash': 'curly {a,b} null NULL', emoji: '🧾', zero: 'nul \u0000 byte' },
    customerId: 'NULL',
    userId: 'user "1", {x}',
    workspaceId: 'ws',
    channel: 'web',
  }),
  { kind: 'signal', id: uuidV7(at), traceId, name: 'ticket_resolved', quantity: 2, customerId: 'null' },
  { kind: 'workspace_runtime', id: uuidV7(at), traceId, seconds: 60, workspaceId: 'ws' },
  { kind: 'tool_call', id: uuidV7(at), traceId, tool: 'search', status: 'ok', durationMs: 3 },
  { kind: 'conversation_message', id: uuidV7(at), traceId, role: 'user', conversationId: 'c' },
  { kind: 'flow_run', id: uuidV7(at), traceId, runId: 'r', status: 'running', trigger: 'cron', flow: 'f' },
  { kind: 'flow_step', id: uuidV7(at), traceId, runId: 'r', step: 'one', flow: 'f' },
  { kind: 'goal_completion', id: uuidV7(at), traceId, goal: 'sale', value: { amount: '1', currency: 'EUR' } },
  {
    kind: 'telemetry',
    id: uuidV7(at),
    traceId,
    name: 'click',
    properties: { count: 1, on: true, text: 'x' },
  },
];

/** What appending promises. */
export function describeAppend(storage: () => Storage): void {
  describe('append', () => {
    it.each(everyKind)('gives back a $kind as it came', async (event) => {
      const organization = await newOrganization(storage());
      await organization.append(buildItem(event, { keyId: 'key 1' }));
      const [record] = await organization.read({ kind: 'call', id: event.id });
      expect(record?.event).toEqual(event);
      expect(record).toMatchObject({ occurredAt: at, receivedAt: at + 5000, supersededBy: null });
    });

    it('counts a resent event once and reports another body under its id', async () => {
      const organization = await newOrganization(storage());
      const item = buildItem(buildCall());
      const other = buildItem({ ...item.event, flow: 'other' });
      await organization.append(item);
      const again = await organization.append(other, item, buildItem(buildCall()));
      expect(again).toMatchObject({
        status: 'appended',
        outcomes: [{ outcome: 'conflict' }, { outcome: 'duplicate' }, { outcome: 'accepted' }],
        head: 2,
      });
      expect(await organization.usage({ dimensions: ['flow'] })).toEqual([{ flow: null, calls: 2 }]);
    });

    it('measures repeated ids of one batch against the first of them', async () => {
      const organization = await newOrganization(storage());
      const item = buildItem(buildCall());
      const other = buildItem({ ...item.event, flow: 'other' });
      const result = await organization.append(item, other, item);
      expect(result).toMatchObject({
        outcomes: [{ outcome: 'accepted' }, { outcome: 'conflict' }, { outcome: 'duplicate' }],
        head: 1,
      });
      const later = await organization.append(other, other, item);
      expect(later).toMatchObject({
        outcomes: [{ outcome: 'conflict' }, { outcome: 'conflict' }, { outcome: 'duplicate' }],
        head: 1,
      });
    });

    it('counts one response once, within a batch and across batches', async () => {
      const organization = await newOrganization(storage());
      const seen = () => buildItem(buildCall({ responseId: 'resp_1' }));
      const [first, second, third] = [seen(), seen(), seen()];
      const both = await organization.append(first, second);
      const late = await organization.append(third);
      const supersededBy = first.event.id;
      expect(both).toMatchObject({
        outcomes: [{ supersededBy: null }, { outcome: 'accepted', supersededBy }],
      });
      expect(late).toMatchObject({ outcomes: [{ outcome: 'accepted', supersededBy }], head: 3 });
      expect(await organization.append(third)).toMatchObject({
        outcomes: [{ outcome: 'duplicate', supersededBy }],
      });
      expect(await organization.usage({ measures: ['calls', 'total_tokens'] })).toEqual([
        { calls: 1, total_tokens: 120 },
      ]);
      const [record] = await organization.read({ kind: 'call', id: third.event.id });
      expect(record).toMatchObject({ supersededBy, entries: [], standing: null });
    });

    it('tells responses of two providers and two organizations apart', async () => {
      const [one, two] = [await newOrganization(storage()), await newOrganization(storage())];
      const result = await one.append(
        buildItem(buildCall({ responseId: 'same' })),
        buildItem(buildCall({ responseId: 'same', provider: 'anthropic' })),
      );
      expect(result).toMatchObject({ outcomes: [{ supersededBy: null }, { supersededBy: null }] });
      expect(await two.append(buildItem(buildCall({ responseId: 'same' })))).toMatchObject({
        outcomes: [{ supersededBy: null }],
      });
    });

    it('keeps a conflicting body from claiming its response', async () => {
      const organization = await newOrganization(storage());
      const first = buildItem(buildCall({ responseId: 'a' }));
      await organization.append(first);
      await organization.append(buildItem({ ...buildCall({ id: first.event.id }), responseId: 'b' }));
      const other = await organization.append(buildItem(buildCall({ responseId: 'b' })));
      expect(other).toMatchObject({ outcomes: [{ outcome: 'accepted', supersededBy: null }] });
    });

    it('settles a call without usage from a second sighting, under the first one\u2019s name', async () => {
      const organization = await newOrganization(storage());
      const bare = (at2: number) =>
        buildItem(buildCall({ responseId: 'r', usage: undefined, flow: 'first', at: at2 }), {
          cost: pendingFor('usage_absent'),
        });
      const first = bare(at);
      await organization.append(first);
      await organization.catchUp();
      const second = buildItem(buildCall({ responseId: 'r', flow: 'second' }), { cost: pricedAt('0.5') });
      await organization.append(bare(at + 1), second, buildItem(buildCall({ responseId: 'r' })));
      await organization.catchUp();
      for (const source of ['raw', 'quarter_flow', 'day_flow'] as const) {
        const rows = await organization.usage({
          source,
          dimensions: ['flow', 'currency'],
          measures: ['calls', 'total_tokens', 'pending_calls', 'pending_tokens', 'list_amount'],
        });
        expect(rows, source).toEqual([
          {
            flow: 'first',
            currency: 'USD',
            calls: 0,
            total_tokens: null,
            pending_calls: 0,
            pending_tokens: null,
            list_amount: '0.5',
          },
          {
            flow: 'first',
            currency: null,
            calls: 1,
            total_tokens: 120,
            pending_calls: 0,
            pending_tokens: null,
            list_amount: null,
          },
        ]);
      }
      const [record] = await organization.read({ kind: 'call', id: first.event.id });
      expect(record).toMatchObject({
        usage: { input: 100, output: 20 },
        standing: { kind: 'priced', list: '0.5' },
      });
      expect(JSON.stringify(record?.event)).not.toContain('"usage"');
    });

    it('keeps a call pending when the usage that came has no price, and counts its tokens as pending', async () => {
      const organization = await newOrganization(storage());
      const bare = buildItem(buildCall({ responseId: 'r', usage: undefined }), {
        cost: pendingFor('usage_absent'),
      });
      const second = buildItem(buildCall({ responseId: 'r' }), { cost: pendingFor('unknown_model') });
      await organization.append(bare, second);
      await organization.catchUp();
      for (const source of ['raw', 'quarter_status'] as const) {
        expect(await organization.usage({ source, measures: ['pending_calls', 'pending_tokens'] })).toEqual([
          { pending_calls: 1, pending_tokens: 120 },
        ]);
      }
      const range = { from: at, to: at + 1 };
      expect(await organization.read({ kind: 'pending', range, filters: [] })).toEqual([
        { reason: 'unknown_model', calls: 1, tokens: 120 },
      ]);
      expect(await organization.store.checkRollups(range)).toEqual([]);
    });

    it.each([
      ['priced', pricedAt('0.5'), { pending_calls: 0, pending_tokens: null }, '0.5'],
      ['pending', pendingFor('no_price'), { pending_calls: 1, pending_tokens: 120 }, '0'],
    ] as const)(
      'supplies usage to a call that was taken for refused: %s',
      async (_state, cost, pending, amount) => {
        const organization = await newOrganization(storage());
        const refused = buildItem(
          buildCall({ responseId: 'r', usage: undefined, status: 'error', httpStatus: 500, at }),
          { cost: pricedAt('0', { reason: 'not_billed', lines: [] }) },
        );
        const good = buildItem(buildCall({ responseId: 'r', at: at + 1 }), { cost });
        await organization.append(refused);
        await organization.catchUp();
        await organization.append(good, buildItem(buildCall({ responseId: 'r', at: at + 2 })));
        await organization.catchUp();
        for (const source of ['raw', 'quarter_status'] as const) {
          const rows = await organization.usage({
            source,
            dimensions: ['currency'],
            measures: ['calls', 'errors', 'total_tokens', 'pending_calls', 'pending_tokens', 'list_amount'],
          });
          expect(rows, source).toEqual([
            { currency: 'USD', calls: 1, errors: 1, total_tokens: 120, ...pending, list_amount: amount },
          ]);
        }
        const [record] = await organization.read({ kind: 'call', id: refused.event.id });
        expect(record).toMatchObject({
          usage: { input: 100, output: 20 },
          standing: { kind: cost.kind, reason: cost.reason },
        });
        expect(await organization.store.checkRollups({ from: at, to: at + 1 })).toEqual([]);
      },
    );

    it('writes nothing when prices changed, and says which version holds', async () => {
      const organization = await newOrganization(storage());
      const { priceVersion } = await organization.store.logHead();
      const stale = { events: [buildItem(buildCall())], priceVersion: priceVersion - 1 };
      expect(await organization.store.append(stale)).toEqual({ status: 'stale_prices', priceVersion });
      expect(await organization.usage({})).toEqual([{ calls: 0 }]);
    });

    it('takes events of any accepted time in one batch', async () => {
      const organization = await newOrganization(storage());
      const times = [Date.UTC(2019, 5, 1), Date.UTC(2025, 0, 1), at, at + 86_400_000, Date.UTC(2027, 2, 1)];
      const result = await organization.append(...times.map((time) => buildItem(buildCall({ at: time }))));
      expect(result).toMatchObject({ status: 'appended', head: 5 });
      const range = { from: Date.UTC(2019, 0, 1), to: Date.UTC(2028, 0, 1) };
      expect(await organization.usage({ range })).toEqual([{ calls: 5 }]);
    });

    it('counts an event whose clock runs ahead at the time it came', async () => {
      const organization = await newOrganization(storage());
      const call = buildCall({ at: at + 20 * 3_600_000 });
      await organization.append(buildItem(call, { occurredAt: at, receivedAt: at, clockAhead: true }));
      await organization.catchUp();
      for (const source of ['raw', 'quarter_status'] as const) {
        expect(await organization.usage({ source, range: { from: at, to: at + 900_000 } })).toEqual([
          { calls: 1 },
        ]);
      }
    });

    it('appends an empty batch as nothing', async () => {
      const organization = await newOrganization(storage());
      expect(await organization.append()).toEqual({ status: 'appended', outcomes: [], head: 0 });
    });

    it('gives whole batches one place each, however many arrive at once', async () => {
      const organization = await newOrganization(storage());
      const batches = Array.from({ length: 8 }, () =>
        Array.from({ length: 25 }, () => buildItem(buildCall())),
      );
      await Promise.all(batches.map((items) => organization.append(...items)));
      expect(await organization.store.logHead()).toMatchObject({ sequence: 200 });
      await organization.catchUp();
      expect(await organization.usage({ source: 'day_status' })).toEqual([{ calls: 200 }]);
    });

    it('lets the same event in once when it is sent many times at once', async () => {
      const organization = await newOrganization(storage());
      const item = buildItem(buildCall({ responseId: 'r' }));
      const results = await Promise.all(Array.from({ length: 6 }, () => organization.append(item)));
      const outcomes = results.flatMap((result) => (result.status === 'appended' ? result.outcomes : []));
      expect(outcomes.filter(({ outcome }) => outcome === 'accepted')).toHaveLength(1);
      expect(outcomes.filter(({ outcome }) => outcome === 'duplicate')).toHaveLength(5);
    });

    it('refuses an organization that it does not know', async () => {
      const unknown = organizationIn(storage(), 'nobody');
      const error = await unknown.store
        .append({ events: [buildItem(buildCall())], priceVersion: 1 })
        .catch((e: unknown) => e);
      expect(StorageError.is(error)).toBe(true);
    });

    it('takes reported losses', async () => {
      const organization = await newOrganization(storage());
      const losses = [{ reason: 'queue_full', count: 3 }];
      await expect(organization.store.recordLosses(losses, at, 'key')).resolves.toBeUndefined();
    });
  });
}
