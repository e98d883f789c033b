import type { PriceInput } from '@tallykit/protocol';
import { describe, expect, it } from 'vitest';
import type { StoredPrice } from '../storage/contract/price-store.ts';
import { callTime } from './__fixtures__/llm-call.ts';
import { bookOf, overrideRow } from './__fixtures__/price-row.ts';
import type { CatalogueRule } from './catalogue/catalogue-rule.ts';
import type { MatchRule } from './catalogue/match-rule.ts';
import type { PriceBook } from './price-book.ts';
import type { PriceQuestion } from './price-search.ts';

const question: PriceQuestion = { provider: 'openai', requestModel: 'gpt-4o-mini' };

interface CatalogueInput extends Partial<PriceInput> {
  readonly match?: MatchRule;
  readonly order?: readonly [number, number];
  readonly release?: string;
  readonly fallbacks?: readonly string[];
  readonly providerMatch?: MatchRule;
  readonly empty?: boolean;
  readonly knownFrom?: string;
}

function catalogueRow(input: CatalogueInput = {}): StoredPrice {
  const {
    match,
    order = [0, 0],
    release = 'one',
    fallbacks,
    providerMatch,
    empty = false,
    knownFrom,
    ...own
  } = input;
  const row = overrideRow(own, knownFrom);
  const rule: CatalogueRule = {
    release,
    order,
    match: match ?? { starts_with: row.model },
    provider: { ...(providerMatch ? { match: providerMatch } : {}), ...(fallbacks ? { fallbacks } : {}) },
  };
  const id = `${release}-${order.join('.')}-${row.provider}-${row.model}-${row.validFrom ?? ''}-${row.windowOfDay?.from ?? ''}`;
  return { ...row, id, source: 'catalogue', rule, empty };
}

const listId = (book: PriceBook, own: Partial<PriceQuestion> = {}, at = callTime) => {
  const { list } = book.find({ ...question, ...own }, at);
  return list.price?.row.id ?? list.missing;
};

describe('finding a price', () => {
  it('prefers the organization to the catalogue', () => {
    const own = overrideRow();
    expect(listId(bookOf(catalogueRow(), own))).toBe(own.id);
  });

  it('goes by the model that answered before the one that was asked for', () => {
    const asked = catalogueRow({ model: 'auto' });
    const answered = catalogueRow({ model: 'gpt-4o-mini', order: [0, 1] });
    const book = bookOf(asked, answered);
    expect(listId(book, { requestModel: 'auto', responseModel: 'gpt-4o-mini-2024-07-18' })).toBe(answered.id);
    const found = book.find({ ...question, requestModel: 'auto', responseModel: 'new' }, callTime).list;
    expect(found).toMatchObject({ price: { row: { id: asked.id } }, join: 'joined_by_request_model' });
  });

  it('does not take the price of the model asked for when the one that answered is known to have none', () => {
    const book = bookOf(
      catalogueRow({ model: 'auto' }),
      catalogueRow({ model: 'free', order: [0, 1], empty: true }),
    );
    expect(listId(book, { requestModel: 'auto', responseModel: 'free' })).toBe('no_price');
  });

  it('finds an override by the name that the catalogue gives a dated model', () => {
    const own = overrideRow();
    const found = bookOf(own, catalogueRow()).find(
      { ...question, requestModel: 'gpt-4o-mini-2024-07-18' },
      callTime,
    );
    expect(found.list).toMatchObject({ price: { row: { id: own.id } }, join: 'joined_by_canonical_model' });
  });

  it('takes the first rule that matches, as the catalogue is ordered', () => {
    const narrow = catalogueRow({ model: 'gpt-4o-mini', order: [0, 0] });
    const wide = catalogueRow({ model: 'gpt-4o', order: [0, 1] });
    expect(listId(bookOf(wide, narrow), { requestModel: 'gpt-4o-mini-x' })).toBe(narrow.id);
    expect(listId(bookOf(wide, narrow), { requestModel: 'GPT-4o-x' })).toBe(wide.id);
  });

  it('writes a compact date out', () => {
    const dated = catalogueRow({ model: 'gpt-4o-2024-08-06', match: { equals: 'gpt-4o-2024-08-06' } });
    expect(listId(bookOf(dated), { requestModel: 'gpt-4o-20240806' })).toBe(dated.id);
  });

  it('looks among the providers that a provider resells, and survives a ring of them', () => {
    const original = catalogueRow({ provider: 'openai', fallbacks: ['azure'] });
    const azure = catalogueRow({ provider: 'azure', model: 'phi', order: [1, 0], fallbacks: ['openai'] });
    const book = bookOf(original, azure);
    const found = book.find({ ...question, provider: 'azure.ai.openai' }, callTime).list;
    expect(found).toMatchObject({ price: { row: { id: original.id } }, join: 'joined_by_fallback_provider' });
    expect(listId(book, { provider: 'azure', requestModel: 'nothing' })).toBe('unknown_model');
  });

  it('knows a provider by the rule of the catalogue and by the names of OpenTelemetry', () => {
    const google = catalogueRow({
      provider: 'google',
      model: 'gemini',
      providerMatch: { contains: 'vertex' },
    });
    for (const provider of ['google', 'Vertex-EU', 'gcp.gemini', 'gcp.vertex_ai']) {
      expect(listId(bookOf(google), { provider, requestModel: 'gemini-pro' })).toBe(google.id);
    }
  });

  it('unpacks the provider in front of the model of a gateway', () => {
    const row = catalogueRow();
    expect(listId(bookOf(row), { provider: 'litellm', requestModel: 'openai/gpt-4o-mini' })).toBe(row.id);
  });

  it('says whether the provider or the model is unknown', () => {
    const book = bookOf(catalogueRow());
    expect(listId(book, { provider: 'nobody' })).toBe('unknown_provider');
    expect(listId(book, { requestModel: 'nothing' })).toBe('unknown_model');
    expect(listId(bookOf(overrideRow()), { requestModel: 'nothing' })).toBe('unknown_model');
    expect(listId(bookOf(), {})).toBe('unknown_provider');
  });

  it('is not led astray by names that objects have by themselves', () => {
    const book = bookOf(catalogueRow(), overrideRow());
    for (const name of ['__proto__', 'constructor', 'toString']) {
      expect(listId(book, { provider: name, requestModel: name })).toBe('unknown_provider');
    }
  });
});

describe('service tiers and batches', () => {
  const standard = overrideRow();
  const flex = overrideRow({ serviceTier: 'flex' });
  const batch = overrideRow({ batch: true });
  const book = bookOf(standard, flex, batch);

  it.each([undefined, 'default', 'standard', 'AUTO', 'on_demand'])(
    'take %s as the standard price',
    (serviceTier) => {
      expect(listId(book, { serviceTier })).toBe(standard.id);
      expect(listId(book, { serviceTier, batch: false })).toBe(standard.id);
    },
  );

  it('find their own price', () => {
    expect(listId(book, { serviceTier: 'Flex' })).toBe(flex.id);
    expect(listId(book, { batch: true })).toBe(batch.id);
    expect(listId(book, { serviceTier: 'batch' })).toBe(batch.id);
  });

  it('are never priced as standard', () => {
    expect(listId(book, { serviceTier: 'priority' })).toBe('no_price_for_tier');
    expect(listId(book, { serviceTier: 'flex', batch: true })).toBe('no_price_for_tier');
    expect(listId(bookOf(catalogueRow()), { batch: true })).toBe('no_price_for_tier');
    expect(listId(bookOf(flex), {})).toBe('no_price_for_tier');
  });
});

describe('regions', () => {
  it('prefer their own price', () => {
    const anywhere = overrideRow({ provider: 'aws' });
    const frankfurt = overrideRow({ provider: 'aws', region: 'eu-central-1' });
    const book = bookOf(anywhere, frankfurt);
    expect(listId(book, { provider: 'aws', region: 'EU-central-1' })).toBe(frankfurt.id);
    expect(listId(book, { provider: 'aws', region: 'us-east-1' })).toBe(anywhere.id);
    expect(listId(book, { provider: 'aws' })).toBe(anywhere.id);
  });

  it('are not priced as anywhere where the provider charges more for them', () => {
    const book = bookOf(catalogueRow());
    expect(listId(book, { region: 'eu' })).toBe('no_price_for_region');
    expect(listId(book, { region: 'global' })).toBe(catalogueRow().id);
    const europe = overrideRow({ region: 'eu' });
    expect(listId(bookOf(catalogueRow(), europe), { region: 'eu' })).toBe(europe.id);
  });
});

describe('time', () => {
  const iso = (ms: number) => new Date(ms).toISOString();

  it('takes the price that held when the call began: the start inclusive, the end exclusive', () => {
    const old = overrideRow({ validTo: iso(callTime) });
    const fresh = overrideRow({ validFrom: iso(callTime) });
    const book = bookOf(old, fresh);
    expect(listId(book, {}, callTime - 1)).toBe(old.id);
    expect(listId(book, {}, callTime)).toBe(fresh.id);
  });

  it('lets the later start win while both hold', () => {
    const old = overrideRow();
    const fresh = overrideRow({ validFrom: iso(callTime) });
    expect(listId(bookOf(old, fresh), {}, callTime - 1)).toBe(old.id);
    expect(listId(bookOf(old, fresh), {}, callTime)).toBe(fresh.id);
  });

  it('falls back to the catalogue outside an override, and says when nothing held', () => {
    const own = overrideRow({ validFrom: iso(callTime) });
    const row = catalogueRow();
    expect(listId(bookOf(own, row), {}, callTime - 1)).toBe(row.id);
    expect(listId(bookOf(own), {}, callTime - 1)).toBe('no_price_at_time');
  });

  it('lets what became known last replace a row about the same, for every call', () => {
    const wrong = overrideRow({}, '2026-01-01T00:00:00.000Z');
    const right = overrideRow({ rates: [{ bucket: 'input', amount: '9' }] }, '2026-02-01T00:00:00.000Z');
    expect(listId(bookOf(right, wrong))).toBe(right.id);
    const ended = overrideRow({ validTo: iso(callTime) }, '2026-03-01T00:00:00.000Z');
    expect(listId(bookOf(right, wrong, ended))).toBe('no_price_at_time');
  });

  it('keeps to the hours of a window in UTC, over midnight too', () => {
    const day = overrideRow({ windowOfDay: { from: '06:00', to: '10:00' } });
    const night = overrideRow({ windowOfDay: { from: '22:00', to: '02:00' } });
    const whole = overrideRow();
    const book = bookOf(day, night, whole);
    const at = (time: string) => listId(book, {}, Date.parse(`2026-11-20T${time}Z`));
    expect([at('05:59:59.999'), at('06:00:00'), at('09:59:59.999'), at('10:00:00')]).toEqual([
      whole.id,
      day.id,
      day.id,
      whole.id,
    ]);
    expect([at('21:59:59'), at('22:00:00'), at('00:00:00'), at('01:59:00'), at('02:00:00')]).toEqual([
      whole.id,
      night.id,
      night.id,
      night.id,
      whole.id,
    ]);
  });
});

describe('a newer release of the catalogue', () => {
  const known = '2026-11-01T00:00:00.000Z';
  const old = catalogueRow({ knownFrom: '2026-01-01T00:00:00.000Z' });
  const fresh = catalogueRow({ release: 'two', knownFrom: known });

  it('does not rewrite what calls cost before it was known', () => {
    expect(listId(bookOf(fresh, old), {}, Date.parse(known) - 1)).toBe(old.id);
    expect(listId(bookOf(fresh, old), {}, Date.parse(known))).toBe(fresh.id);
  });

  it('prices a model that only it knows, for earlier calls as well', () => {
    const added = catalogueRow({ release: 'two', knownFrom: known, model: 'brand-new' });
    expect(listId(bookOf(added, old), { requestModel: 'brand-new' }, Date.parse(known) - 1)).toBe(added.id);
  });

  it('may date a change before it was known', () => {
    const dated = catalogueRow({ release: 'two', knownFrom: known, validFrom: '2026-10-01T00:00:00.000Z' });
    expect(listId(bookOf(dated, old), {}, Date.parse('2026-10-15T00:00:00Z'))).toBe(dated.id);
    expect(listId(bookOf(dated, old), {}, Date.parse('2026-09-15T00:00:00Z'))).toBe(old.id);
  });
});

it('remembers no more names than it can afford, and answers the same afterwards', () => {
  const own = overrideRow();
  const book = bookOf(own, catalogueRow());
  for (let index = 0; index < 12_000; index += 1) listId(book, { requestModel: `unknown-${index}` });
  expect(listId(book)).toBe(own.id);
});
