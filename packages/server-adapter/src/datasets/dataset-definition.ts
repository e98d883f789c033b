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
export interface DimensionDefinition extends FieldDefinition {
  /** Column of the fact, or `time` for the buckets of time. */
  readonly reads: UsageDimension | 'time';
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
export interface MeasureDefinition extends FieldDefinition {
  readonly description: string;
  readonly source: MeasureSource;
}

/** A dimension that rows can be kept or left out by. */
export interface FilterDefinition {
  /** As a query names it. */
  readonly field: string;
  /** Id of the dimension; the same as `field` unless told. */
  readonly dimension: string;
  readonly operators: readonly FilterOperator[];
}

/** One dataset: one fact grain and all that may be asked of it. Declared data; everything else is derived from it. */
export interface DatasetDefinition {
  readonly id: DatasetId;
  readonly label: string;
  readonly description: string;
  readonly permission: Permission;
  readonly cadence: Cadence;
  /** Days of the default range. How far back a dataset reaches at all is a setting. */
  readonly defaultWindowDays: number;
  readonly dimensions: readonly DimensionDefinition[];
  readonly measures: readonly MeasureDefinition[];
  readonly filters: readonly FilterDefinition[];
}

/** The dimension of a dataset by id. */
export function dimensionOf(dataset: DatasetDefinition, id: string): DimensionDefinition | undefined {
  return dataset.dimensions.find((dimension) => dimension.id === id);
}

/** The measure of a dataset by id. */
export function measureOf(dataset: DatasetDefinition, id: string): MeasureDefinition | undefined {
  return dataset.measures.find((measure) => measure.id === id);
}

/** The dimension that a filter's field stands for. */
export function filteredDimension(
  dataset: DatasetDefinition,
  field: string,
): DimensionDefinition | undefined {
  const filter = dataset.filters.find((candidate) => candidate.field === field);
  return filter && dimensionOf(dataset, filter.dimension);
}
