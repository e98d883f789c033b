import * as fc from 'fast-check';
import { uuidV7 } from '../../primitives/uuid-v7.ts';
import type { AppendEvent, CostDraft } from '../../storage/contract/append.ts';
import { buildCall, buildItem, pendingFor, pricedAt } from '../build-events.ts';

/** One thing that happens to a store. */
export type Chapter =
  | { readonly what: 'append'; readonly items: readonly AppendEvent[] }
  | { readonly what: 'resend'; readonly picks: readonly number[]; readonly changed: boolean }
  | { readonly what: 'revise'; readonly picks: readonly number[]; readonly next: CostDraft }
  | { readonly what: 'price' }
  | { readonly what: 'sum'; readonly limit: number };

/** What a generated story takes place in. */
export interface StorySetting {
  readonly timeZone: string;
  /** Unix milliseconds around which calls happen. */
  readonly around: number;
}

/** Zones and times at which clocks change, or whose offset is no whole hour. */
export const settings: readonly StorySetting[] = [
  { timeZone: 'Europe/Berlin', around: Date.UTC(2026, 9, 25, 1) },
  { timeZone: 'America/New_York', around: Date.UTC(2026, 2, 8, 7) },
  { timeZone: 'Australia/Lord_Howe', around: Date.UTC(2026, 3, 4, 15) },
  { timeZone: 'Asia/Kathmandu', around: Date.UTC(2026, 10, 20, 18, 15) },
  { timeZone: 'America/Havana', around: Date.UTC(2026, 10, 1, 5) },
  { timeZone: 'UTC', around: Date.UTC(2026, 11, 31, 23, 59) },
];

const maybe = <Value>(...values: readonly Value[]) => fc.constantFrom(undefined, ...values);
const count = fc.constantFrom(undefined, 0, 1, 7, 1500);

const usage = fc.option(
  fc
    .record({ input: count, cacheRead: count, output: count, reasoning: count, webSearches: count })
    .map((buckets) => Object.fromEntries(Object.entries(buckets).filter(([, value]) => value !== undefined))),
  { nil: undefined, freq: 4 },
);

const amount = fc.constantFrom('0', '0.000000000001', '0.25', '1.1', '1234.5');

const priced = fc
  .record({
    list: amount,
    effective: amount,
    charge: amount,
    currency: fc.constantFrom('USD', 'EUR'),
    price: fc.constantFrom('p1', 'p2'),
  })
  .map(({ price, list, effective, charge, currency }) =>
    pricedAt(list, { effective, charge, currency, listPriceId: 'p0', effectivePriceId: price }),
  );

const cost = fc.oneof(
  { weight: 4, arbitrary: priced },
  { weight: 1, arbitrary: fc.constantFrom('unknown_model', 'no_price').map(pendingFor) },
);

const attribution = fc.record({
  customerId: maybe('c1', 'c2', 'Ünï "c", {3}'),
  userId: maybe('u1', 'u2'),
  productId: maybe('bot'),
  flow: maybe('triage', 'reply'),
  configuration: maybe('v1', 'v2'),
  conversationId: maybe('talk 1', 'talk 2', 'talk 3'),
  messageId: maybe('m1', 'm2', 'm3', 'm4'),
  environment: maybe('production', 'test'),
});

const day = 86_400_000;

function item(setting: StorySetting): fc.Arbitrary<AppendEvent> {
  return fc
    .record({
      offset: fc.integer({ min: -3 * day, max: 3 * day }),
      attribution,
      provider: fc.constantFrom('openai', 'anthropic'),
      requestModel: fc.constantFrom('small', 'large'),
      status: fc.constantFrom('ok' as const, 'ok' as const, 'error' as const, 'aborted' as const),
      final: fc.constantFrom(true, true, true, false),
      responseId: fc.option(fc.constantFrom('r1', 'r2', 'r3', 'r4', 'r5', 'r6'), { nil: undefined, freq: 2 }),
      usage,
      cost,
    })
    .map(({ offset, attribution: who, cost: drawn, ...call }) => {
      // The id is random, but within one run it is made once and then sent to both stores.
      const id = uuidV7(setting.around + offset);
      const fields = Object.fromEntries(
        Object.entries({ ...who, ...call }).filter(([, value]) => value !== undefined),
      );
      const { usage: _none, ...event } = {
        ...buildCall({ id, ...fields }),
        ...(call.usage === undefined ? {} : { usage: call.usage }),
      };
      const whole = call.usage === undefined ? event : { ...event, usage: call.usage };
      const missing =
        call.status === 'error'
          ? pricedAt('0', { reason: 'not_billed', lines: [] })
          : pendingFor('usage_absent');
      const absent = call.final ? missing : null;
      return buildItem(whole, { cost: call.usage === undefined ? absent : drawn });
    });
}

const picks = fc.array(fc.nat({ max: 10_000 }), { minLength: 1, maxLength: 8 });

/** A generated course of events in a setting. */
export function story(setting: StorySetting): fc.Arbitrary<readonly Chapter[]> {
  const chapter: fc.Arbitrary<Chapter> = fc.oneof(
    {
      weight: 6,
      arbitrary: fc
        .array(item(setting), { minLength: 1, maxLength: 30 })
        .map((items): Chapter => ({ what: 'append', items })),
    },
    {
      weight: 2,
      arbitrary: fc.record({ what: fc.constant('resend' as const), picks, changed: fc.boolean() }),
    },
    {
      weight: 3,
      arbitrary: fc.record({ what: fc.constant('revise' as const), picks, next: cost }),
    },
    { weight: 1, arbitrary: fc.constant<Chapter>({ what: 'price' }) },
    {
      weight: 3,
      arbitrary: fc.record({ what: fc.constant('sum' as const), limit: fc.integer({ min: 1, max: 60 }) }),
    },
  );
  return fc.array(chapter, { minLength: 4, maxLength: 16 });
}
