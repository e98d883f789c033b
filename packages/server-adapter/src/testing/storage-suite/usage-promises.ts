import { describe, expect, it } from 'vitest';
import { StorageError } from '../../storage/contract/storage-error.ts';
import type { Storage } from '../../storage/contract/storage.ts';
import { buildCall, buildItem, pendingFor, pricedAt } from '../build-events.ts';
import { newOrganization, organizationIn } from './suite-context.ts';

const at = Date.UTC(2026, 10, 20, 10);
const hour = 3_600_000;

/** What sums promise beyond agreeing with the reference. */
export function describeUsage(storage: () => Storage): void {
  describe('usage', () => {
    it('tells nothing reported from reported as zero', async () => {
      const organization = await newOrganization(storage());
      await organization.append(
        buildItem(buildCall({ flow: 'absent', usage: undefined }), { cost: pendingFor('usage_absent') }),
        buildItem(buildCall({ flow: 'zero', usage: { input: 0 } }), { cost: pricedAt('0') }),
        buildItem(buildCall({ flow: 'tools', usage: { webSearches: 4 } })),
      );
      await organization.catchUp();
      const measures = [
        'prompt_tokens',
        'completion_tokens',
        'total_tokens',
        'messages',
        'pending_tokens',
      ] as const;
      for (const source of ['raw', 'day_flow'] as const) {
        expect(await organization.usage({ source, dimensions: ['flow'], measures }), source).toEqual([
          {
            flow: 'absent',
            prompt_tokens: null,
            completion_tokens: null,
            total_tokens: null,
            messages: 0,
            pending_tokens: null,
          },
          {
            flow: 'tools',
            prompt_tokens: null,
            completion_tokens: null,
            total_tokens: null,
            messages: 0,
            pending_tokens: null,
          },
          {
            flow: 'zero',
            prompt_tokens: 0,
            completion_tokens: null,
            total_tokens: 0,
            messages: 1,
            pending_tokens: null,
          },
        ]);
      }
    });

    it('counts the last attempt of a call and sums what earlier ones used', async () => {
      const organization = await newOrganization(storage());
      const attempt = { callId: 'one', messageId: 'm' };
      await organization.append(
        buildItem(buildCall({ ...attempt, final: false, status: 'error' })),
        buildItem(buildCall({ ...attempt, final: false, attempt: 2, usage: undefined }), { cost: null }),
        buildItem(buildCall({ ...attempt, attempt: 3, status: 'aborted', complete: false })),
      );
      await organization.catchUp();
      const measures = [
        'calls',
        'errors',
        'aborted_calls',
        'total_tokens',
        'messages',
        'list_amount',
      ] as const;
      for (const source of ['raw', 'day_model'] as const) {
        expect(
          await organization.usage({
            source,
            dimensions: ['currency'],
            measures: measures.filter((m) => source === 'raw' || m !== 'messages'),
          }),
        ).toMatchObject([
          { currency: 'USD', calls: 1, errors: 0, aborted_calls: 1, total_tokens: 240, list_amount: '0.5' },
        ]);
      }
      expect(await organization.usage({ source: 'day_model', measures: ['messages'] })).toEqual([
        { messages: 1 },
      ]);
    });

    it('counts a conversation over midnight once in its week and in each of its days', async () => {
      const organization = await newOrganization(storage(), 'Europe/Berlin');
      // Wednesday 18 November 2026, 23:30 in Berlin, and half an hour into Thursday.
      const night = Date.UTC(2026, 10, 18, 22, 30);
      await organization.append(
        buildItem(buildCall({ at: night, conversationId: 'c', messageId: 'm' })),
        buildItem(buildCall({ at: night + hour, conversationId: 'c', messageId: 'm' })),
        buildItem(buildCall({ at: night + hour })),
      );
      await organization.catchUp();
      const monday = Date.UTC(2026, 10, 15, 23);
      const range = { from: monday, to: monday + 7 * 24 * hour };
      const measures = ['conversations', 'messages'] as const;
      for (const source of ['raw', 'day_status', 'day_customer'] as const) {
        const per = (grain: 'day' | 'week') =>
          organization.usage({ source, range, measures, bucket: { grain, timeZone: 'Europe/Berlin' } });
        expect(await per('week'), source).toEqual([{ bucket: monday, conversations: 1, messages: 2 }]);
        expect(await per('day'), source).toMatchObject([
          { conversations: 1, messages: 1 },
          { conversations: 1, messages: 2 },
        ]);
      }
    });

    it('lists in the order asked for, nulls last either way, and no more than asked for', async () => {
      const organization = await newOrganization(storage());
      const flows = ['b', 'a', undefined, 'Ä', 'B'];
      const items = flows.map((flow, index) =>
        buildItem(buildCall(flow === undefined ? {} : { flow }), { cost: pricedAt(`${10 - index}`) }),
      );
      await organization.append(...items);
      await organization.catchUp();
      const flowsBy = async (field: string, direction: 'asc' | 'desc', limit = 10) =>
        (
          await organization.usage({
            source: 'day_flow',
            dimensions: ['flow', 'currency'],
            measures: ['list_amount'],
            orderBy: [{ field, direction }],
            limit,
          })
        ).map(({ flow }) => flow);
      expect(await flowsBy('flow', 'asc')).toEqual(['B', 'a', 'b', 'Ä', null]);
      expect(await flowsBy('flow', 'desc')).toEqual(['Ä', 'b', 'a', 'B', null]);
      expect(await flowsBy('list_amount', 'desc', 3)).toEqual(['b', 'a', null]);
    });

    it('says from when on its sums are behind the log', async () => {
      const organization = await newOrganization(storage());
      const position = async () =>
        (await storage().forScope(organization.everyone).read({ kind: 'customers', limit: 1 })).position;
      await organization.append(buildItem(buildCall({ at })), buildItem(buildCall({ at })));
      await organization.append(buildItem(buildCall({ at: at + hour })));
      expect(await position()).toEqual({ cursor: 0, head: 3, asOf: at + 5000 });
      expect(await organization.store.advanceRollups(2)).toEqual({ from: 0, to: 2, head: 3 });
      expect(await position()).toEqual({ cursor: 2, head: 3, asOf: at + hour + 5000 });
      expect(await organization.usage({ source: 'day_status' })).toEqual([{ calls: 2 }]);
      await organization.catchUp();
      const { cursor, head, asOf } = await position();
      expect({ cursor, head }).toEqual({ cursor: 3, head: 3 });
      expect(asOf).toBeGreaterThan(at + hour + 5000);
      expect(await organization.store.advanceRollups(2)).toEqual({ from: 3, to: 3, head: 3 });
    });

    it('sums each entry once when several follow at once', async () => {
      const organization = await newOrganization(storage());
      await organization.append(...Array.from({ length: 40 }, () => buildItem(buildCall())));
      const followers = Array.from({ length: 4 }, async () => {
        for (let step = 0; step < 12; step += 1) await organization.store.advanceRollups(7);
      });
      await Promise.all(followers);
      await organization.catchUp();
      expect(await organization.usage({ source: 'day_status' })).toEqual([{ calls: 40 }]);
    });

    it('sums the same after a rebuild', async () => {
      const organization = await newOrganization(storage());
      await organization.append(buildItem(buildCall({ conversationId: 'c' })), buildItem(buildCall()));
      await organization.store.rebuildRollups();
      await organization.store.rebuildRollups();
      const measures = ['calls', 'conversations'] as const;
      expect(await organization.usage({ source: 'day_model', measures })).toEqual([
        { calls: 2, conversations: 1 },
      ]);
      expect(await organization.store.advanceRollups(10)).toEqual({ from: 2, to: 2, head: 2 });
    });

    it('cuts days anew when the organization moves to another zone', async () => {
      const organization = await newOrganization(storage(), 'UTC');
      await organization.append(buildItem(buildCall({ at: Date.UTC(2026, 10, 20, 23) })));
      await organization.catchUp();
      await storage().ensureOrganization({ id: organization.id, name: 'Acme', timeZone: 'Asia/Kathmandu' });
      await organization.catchUp();
      const nextDay = Date.UTC(2026, 10, 20, 18, 15);
      const plan = {
        source: 'day_status',
        range: { from: nextDay, to: nextDay + 24 * hour },
        bucket: { grain: 'day', timeZone: 'Asia/Kathmandu' },
      } as const;
      expect(await organization.usage(plan)).toEqual([{ bucket: nextDay, calls: 1 }]);
    });

    it.each([
      ['a dimension that the node lacks', { source: 'day_flow', dimensions: ['model'] }],
      [
        'a filter that the node lacks',
        { source: 'day_flow', filters: [{ field: 'user', operator: 'isNull', values: [] }] },
      ],
      ['a range within a bucket', { source: 'quarter_flow', range: { from: at + 1, to: at + hour } }],
      ['hours from days', { source: 'day_flow', bucket: { grain: 'hour', timeZone: 'UTC' } }],
      ['days of another zone', { source: 'day_flow', bucket: { grain: 'day', timeZone: 'Asia/Tokyo' } }],
      ['distinct ids from quarter hours', { source: 'quarter_flow', measures: ['messages'] }],
      [
        'distinct ids by status',
        { source: 'day_status', dimensions: ['status'], measures: ['conversations'] },
      ],
      ['amounts of mixed currencies', { source: 'raw', measures: ['list_amount'] }],
    ] as const)('refuses %s', async (_what, plan) => {
      const organization = await newOrganization(storage());
      const error = await organization.usage(plan).catch((e: unknown) => e);
      expect(StorageError.is(error) && error.code).toBe('unsupported_plan');
    });

    it('answers for an organization that it does not know with nothing', async () => {
      expect(await organizationIn(storage(), 'nobody').usage({ dimensions: ['flow'] })).toEqual([]);
    });
  });
}
