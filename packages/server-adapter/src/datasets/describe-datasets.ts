import {
  datasetIds,
  type DatasetCatalogue,
  type DatasetDescription,
  type Principal,
} from '@tallykit/protocol';
import { filteredDimension, type AnyDataset } from './dataset-definition.ts';
import type { Asker, Door } from './run-query.ts';
import { servedDatasets } from './served-datasets.ts';

/** What this principal may ask: the datasets it has the leaf for, without the fields that are withheld from it. */
export async function describeDatasets(door: Door, principal: Principal): Promise<DatasetCatalogue> {
  const asker = await door.enter(principal);
  return {
    ids: [...datasetIds],
    datasets: servedDatasets
      .filter(({ permission }) => asker.holds(permission))
      .map((dataset) => describeDataset(dataset, asker)),
  };
}

/** One dataset as one asker may use it. */
export function describeDataset(dataset: AnyDataset, { sees }: Pick<Asker, 'sees'>): DatasetDescription {
  const { id, label, description, defaultWindowDays } = dataset;
  return {
    id,
    label,
    description,
    defaultWindowDays,
    dimensions: dataset.dimensions
      .filter((dimension) => sees(dimension.sensitivity))
      .map(({ id: field, label: name, type, grains }) => ({
        id: field,
        label: name,
        type,
        ...(grains ? { grains } : {}),
      })),
    measures: dataset.measures
      .filter((measure) => sees(measure.sensitivity))
      .map(({ id: field, label: name, type, description: text }) => ({
        id: field,
        label: name,
        type,
        description: text,
      })),
    filters: dataset.filters
      .filter(({ field }) => sees(filteredDimension(dataset, field)?.sensitivity ?? 'operator'))
      .map(({ field, operators }) => ({ field, operators })),
  };
}
