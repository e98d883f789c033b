import type { DatasetDefinition } from './dataset-definition.ts';
import { tokenUsage } from './definitions/token-usage.ts';

/** Every dataset that can be queried. A new one is declared in `definitions/` and listed here. */
export const servedDatasets: readonly DatasetDefinition[] = [tokenUsage];

/** A dataset by id. */
export function servedDataset(id: string): DatasetDefinition | undefined {
  return servedDatasets.find((dataset) => dataset.id === id);
}
