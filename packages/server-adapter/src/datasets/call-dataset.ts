import type { CallField } from '../storage/contract/read-plan.ts';
import type { DatasetDefinition } from './dataset-definition.ts';

/** The dataset of single calls: dimensions are what a row says of its call, measures its figures. */
export interface CallDataset extends DatasetDefinition<CallField | 'time', null> {
  readonly shape: 'calls';
}
