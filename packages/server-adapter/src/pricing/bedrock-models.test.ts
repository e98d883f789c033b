import { beforeAll, describe, expect, it } from 'vitest';
import { callTime } from './__fixtures__/llm-call.ts';
import { catalogueRows } from './catalogue/catalogue-rows.ts';
import { createPriceBook, type PriceBook } from './price-book.ts';

let book: PriceBook;
beforeAll(async () => {
  const knownFrom = '2026-11-01T00:00:00.000Z';
  book = createPriceBook({ version: 1, rows: (await catalogueRows()).map((row) => ({ ...row, knownFrom })) });
});

/** The catalogue's model and its price of a million tokens read, or why there is none. */
function priceOf(requestModel: string, responseModel?: string): readonly unknown[] {
  const { list } = book.find({ provider: 'aws', requestModel, responseModel, region: 'us-east-1' }, callTime);
  if (list.price === null) return [list.missing];
  const { model, rates } = list.price.row;
  const rate = rates.find(({ bucket }) => bucket === 'input');
  return [model, Number(rate?.amount) * (1_000_000 / (rate?.per ?? 1))];
}

const sonnet = 'anthropic.claude-sonnet-4-5-20250929-v1:0';
const account = 'arn:aws:bedrock:us-east-1:123456789012';

describe('models of Bedrock', () => {
  it.each(['', 'us.', 'eu.', 'apac.', 'jp.', 'au.', 'us-gov.'])(
    'that run in a region or a geography cost what they cost there: "%s"',
    (prefix) => {
      expect(priceOf(`${prefix}${sonnet}`)).toEqual([`regional.${sonnet}`, 3.3]);
    },
  );

  it('that may run anywhere cost the global price', () => {
    expect(priceOf(`global.${sonnet}`)).toEqual([`global.${sonnet}`, 3]);
  });

  it('cost the same by the ARN of the model or of the profile that Amazon defines', () => {
    expect(priceOf(`arn:aws:bedrock:us-east-1::foundation-model/${sonnet}`)).toEqual([
      `regional.${sonnet}`,
      3.3,
    ]);
    expect(priceOf(`${account}:inference-profile/us.${sonnet}`)).toEqual([`regional.${sonnet}`, 3.3]);
    expect(priceOf(`${account}:inference-profile/global.${sonnet}`)).toEqual([`global.${sonnet}`, 3]);
    expect(priceOf(`${account}:inference-profile/us.anthropic.claude-opus-5`)[0]).toBe(
      'regional.anthropic.claude-opus-5',
    );
  });

  it("behind a customer's own profile are found by the model that answered, else they wait for a price", () => {
    const profile = `${account}:application-inference-profile/abc123`;
    expect(priceOf(profile)).toEqual(['unknown_model']);
    expect(priceOf(profile, 'claude-sonnet-4-5-20250929')).toEqual([`regional.${sonnet}`, 3.3]);
  });

  it('of a geography that the catalogue does not list wait for a price', () => {
    expect(priceOf('eu.amazon.nova-2-lite-v1:0')[0]).toBe('regional.amazon.nova-2-lite-v1:0');
    expect(priceOf('apac.amazon.nova-2-lite-v1:0')).toEqual(['unknown_model']);
    expect(priceOf('cohere.embed-english-v3')).toEqual(['unknown_model']);
  });
});
