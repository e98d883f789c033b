import type {
  AmountBasis,
  Cadence,
  DatasetId,
  FilterOperator,
  Grain,
  Permission,
  ValueType,
} from '@tallykit/protocol';
import type { FieldLabel } from '../access/policy.ts';
import type { UsageDimension, UsageMeasure } from '../storage/contract/read-plan.ts';

/** What every field of a dataset declares. */
export interface FieldDefinition {
  /** As a query names it. */
  readonly id: string;
  readonly label: string;
  /** How a value is formatted, everywhere alike. */
  readonly type: ValueType;
  /** Who may see it. */
  readonly sensitivity: FieldLabel;
  /** What one must hold to ask for it. */
  readonly permission: Permission;
  /** How often it is brought up to date. */
  readonly freshness: Cadence;
}

/** Something that a dataset can be cut by. */
export interface DimensionDefinition<Reads extends string = UsageDimension | 'time'> extends FieldDefinition {
  /** Column of the fact, or `time` for the buckets of time. */
  readonly reads: Reads;
  readonly grains?: readonly Grain[] | undefined;
  /** Which names an answer adds for its ids. */
  readonly namesOf?: 'customer' | 'flow' | undefined;
}

/** How a measure is made from what the store sums. */
export type MeasureSource =
  | { readonly kind: 'count'; readonly of: UsageMeasure }
  | { readonly kind: 'amount'; readonly basis: AmountBasis }
  /** The amount that is meant for the reader: what the vendor pays, or what the customer is told. */
  | { readonly kind: 'own_amount'; readonly operator: AmountBasis; readonly customer: AmountBasis }
  | { readonly kind: 'average'; readonly of: UsageMeasure; readonly per: UsageMeasure };

/** Something that a dataset counts or sums. */
export interface MeasureDefinition<Source = MeasureSource> extends FieldDefinition {
  readonly description: string;
  readonly source: Source;
}

/** A dimension that rows can be kept or left out by. */
export interface FilterDefinition {
  /** As a query names it. */
  readonly field: string;
  /** Id of the dimension; the same as `field` unless told. */
  readonly dimension: string;
  readonly operators: readonly FilterOperator[];
}

/**
 * One dataset: one fact grain and all that may be asked of it. Declared data; everything else is derived from it. Unless told
 * otherwise, the fact is an LLM call, and answers come from its sums.
 */
export interface DatasetDefinition<Reads extends string = UsageDimension | 'time', Source = MeasureSource> {
  readonly id: DatasetId;
  /** What answers it: sums of calls, events of a kind, a list of calls, or the steps of a flow. */
  readonly shape: 'usage' | 'facts' | 'calls' | 'funnel';
  readonly label: string;
  readonly description: string;
  readonly permission: Permission;
  readonly cadence: Cadence;
  /** Days of the default range. How far back a dataset reaches at all is a setting. */
  readonly defaultWindowDays: number;
  readonly dimensions: readonly DimensionDefinition<Reads>[];
  readonly measures: readonly MeasureDefinition<Source>[];
  readonly filters: readonly FilterDefinition[];
}

/** A dataset of any shape, as far as all are alike. */
export type AnyDataset = DatasetDefinition<string, unknown>;

/** The dimension of a dataset by id. */
export function dimensionOf<Reads extends string>(
  dataset: DatasetDefinition<Reads, unknown>,
  id: string,
): DimensionDefinition<Reads> | undefined {
  return dataset.dimensions.find((dimension) => dimension.id === id);
}

/** The measure of a dataset by id. */
export function measureOf<Source>(
  dataset: DatasetDefinition<string, Source>,
  id: string,
): MeasureDefinition<Source> | undefined {
  return dataset.measures.find((measure) => measure.id === id);
}

/** The dimension that a filter's field stands for. */
export function filteredDimension<Reads extends string>(
  dataset: DatasetDefinition<Reads, unknown>,
  field: string,
): DimensionDefinition<Reads> | undefined {
  const filter = dataset.filters.find((candidate) => candidate.field === field);
  return filter && dimensionOf(dataset, filter.dimension);
}
