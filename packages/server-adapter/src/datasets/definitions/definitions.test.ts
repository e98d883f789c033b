import { datasetIds } from '@tallykit/protocol';
import { describe, expect, it } from 'vitest';
import type { AnyDataset, MeasureSource } from '../dataset-definition.ts';
import { servedDatasets } from '../served-datasets.ts';
import { tokenUsage } from './token-usage.ts';

describe.each(servedDatasets.map((dataset): [string, AnyDataset] => [dataset.id, dataset]))(
  '%s',
  (id, dataset) => {
    it('is one of the frozen ids, and names nothing twice', () => {
      expect(datasetIds).toContain(id);
      const fields = [...dataset.dimensions, ...dataset.measures].map((field) => field.id);
      expect(new Set(fields).size).toBe(fields.length);
      expect(fields.filter((field) => !/^[a-z][a-z0-9_]*$/.test(field))).toEqual([]);
    });

    it('filters by its own dimensions only, each of them but time', () => {
      const dimensions = dataset.dimensions
        .map((dimension) => dimension.id)
        .filter((dimension) => dimension !== 'time');
      expect(new Set(dataset.filters.map((filter) => filter.dimension))).toEqual(new Set(dimensions));
    });

    it('keeps list and effective amounts from customers, whatever measure holds them', () => {
      for (const { id: measure, sensitivity, source: declared } of dataset.measures) {
        if (/list|effective|stated/.test(measure)) expect(sensitivity).toBe('operator');
        if (dataset.shape !== 'usage') continue;
        const source = declared as MeasureSource;
        if (source.kind === 'own_amount') expect(source.customer).toBe('charge');
        if (source.kind === 'amount' && source.basis !== 'charge') expect(sensitivity).toBe('operator');
      }
    });
  },
);

it('has the dimensions and measures of the report hub', () => {
  expect(tokenUsage.dimensions.map(({ id }) => id)).toEqual(expect.arrayContaining(['time', 'flow']));
  expect(tokenUsage.measures.map(({ id }) => id)).toEqual(
    expect.arrayContaining([
      'total_tokens',
      'prompt_tokens',
      'completion_tokens',
      'cost',
      'average_tokens_per_message',
      'average_tokens_per_conversation',
    ]),
  );
  expect(tokenUsage.defaultWindowDays).toBe(90);
});
