import * as z from 'zod/mini';
import { answerScopeSchema, freshnessSchema, type AnswerScope, type Freshness } from './freshness.ts';
import { grainSchema, timeRangeSchema, timeZoneSchema, type Grain, type TimeRange } from './time-range.ts';
import { instantSchema } from './text.ts';

/** Ids of the datasets that are or will be served; frozen. The first six are those of the report hub. */
export const datasetIds = [
  'conversions',
  'chat',
  'token_usage',
  'flow_runs',
  'telemetry',
  'funnel',
  'calls',
  'cost_entries',
  'traces',
  'tool_calls',
  'costs',
  'signals',
  'credits',
  'revenue',
  'mrr',
  'margin',
  'runtime',
  'reconciliation',
  'ingestion',
] as const;

/** One of {@link datasetIds}. */
export type DatasetId = (typeof datasetIds)[number];

/** How a value is to be formatted, on screen, in an export and in a mail alike. */
export const valueTypes = [
  'count',
  'tokens',
  'currency',
  'decimal',
  'ratio',
  'duration',
  'text',
  'time',
] as const;

/** One of {@link valueTypes}. */
export type ValueType = (typeof valueTypes)[number];

/** Comparison operators of a filter. */
export const filterOperators = [
  'eq',
  'ne',
  'in',
  'lt',
  'lte',
  'gt',
  'gte',
  'isNull',
  'notNull',
  'contains',
] as const;

/** One of {@link filterOperators}. */
export type FilterOperator = (typeof filterOperators)[number];

/** One condition; all conditions of a query hold together. `isNull` and `notNull` take no values. */
export interface DatasetFilter {
  readonly field: string;
  readonly operator: FilterOperator;
  readonly values?: readonly (string | number)[] | undefined;
}

/**
 * Body of `POST /v1/datasets/{id}/query`. It names ids only; an unknown id or operator is refused before anything runs.
 *
 * @example
 * const query: DatasetQuery = {
 *   measures: ['total_tokens', 'cost'], dimensions: ['time', 'flow'], grain: 'day', from: '2026-11-01T00:00:00Z',
 * };
 */
export interface DatasetQuery {
  /** 1 to 20. In a list of single rows, such as `calls`, the figures of each row: up to 40. */
  readonly measures: readonly string[];
  /** At most 8. In a list of single rows the fields of each row, up to 40, and all of them unless told. */
  readonly dimensions?: readonly string[] | undefined;
  /** Width of the `time` dimension; `day` unless told. */
  readonly grain?: Grain | undefined;
  readonly filters?: readonly DatasetFilter[] | undefined;
  /** Inclusive; 90 days before `to` unless told. */
  readonly from?: string | undefined;
  /** Exclusive; now unless told. */
  readonly to?: string | undefined;
  /** The organization's reporting time zone unless told. */
  readonly timeZone?: string | undefined;
  /** Operators only: one customer's figures as that customer sees them. */
  readonly asCustomer?: string | undefined;
  readonly orderBy?: readonly { readonly field: string; readonly direction: 'asc' | 'desc' }[] | undefined;
  /** 1 to 10,000 rows; 1,000 unless told. A page of a list has at most 1,000, and 100 unless told. */
  readonly limit?: number | undefined;
  /** Lists only: the `nextCursor` of the page before, with an otherwise equal query. */
  readonly cursor?: string | undefined;
}

const fieldId = z.string().check(z.regex(/^[a-z][a-z0-9_]{0,63}$/));

/** Checks a {@link DatasetQuery}; closed. */
export const datasetQuerySchema = z.strictObject({
  measures: z.array(fieldId).check(z.minLength(1), z.maxLength(40)),
  dimensions: z.optional(z.array(fieldId).check(z.maxLength(40))),
  grain: z.optional(grainSchema),
  filters: z.optional(
    z
      .array(
        z.strictObject({
          field: fieldId,
          operator: z.enum(filterOperators),
          values: z.optional(
            z.array(z.union([z.string().check(z.maxLength(500)), z.number()])).check(z.maxLength(200)),
          ),
        }),
      )
      .check(z.maxLength(20)),
  ),
  from: z.optional(instantSchema),
  to: z.optional(instantSchema),
  timeZone: z.optional(timeZoneSchema),
  asCustomer: z.optional(z.string().check(z.minLength(1), z.maxLength(200))),
  orderBy: z.optional(
    z.array(z.strictObject({ field: fieldId, direction: z.enum(['asc', 'desc']) })).check(z.maxLength(8)),
  ),
  limit: z.optional(z.int().check(z.gte(1), z.lte(10_000))),
  cursor: z.optional(z.string().check(z.minLength(1), z.maxLength(2000))),
});

/** A column of an answer. */
export interface DatasetColumn {
  readonly id: string;
  readonly role: 'dimension' | 'measure';
  readonly type: ValueType;
  readonly label: string;
  /** Currency of a `currency` column, when all of it is in one. */
  readonly currency?: string | undefined;
}

/** Answer to a dataset query. Decimals are strings; a cell is null when nothing was reported. */
export interface DatasetAnswer {
  readonly dataset: string;
  readonly range: TimeRange;
  readonly columns: readonly DatasetColumn[];
  readonly rows: readonly (readonly (string | number | null)[])[];
  /** Whether `limit` cut rows off. */
  readonly truncated: boolean;
  /** Lists only: what to ask the next page with; null on the last. */
  readonly nextCursor?: string | null | undefined;
  /** Set when the range reached further back than the dataset keeps: nothing before this instant is in the rows. */
  readonly truncatedBefore?: string | undefined;
  /** Present names of the ids in the rows, for dimensions that have names; an id without one stands for itself. */
  readonly names?:
    readonly { readonly dimension: string; readonly id: string; readonly name: string }[] | undefined;
  readonly scope: AnswerScope;
  readonly freshness: Freshness;
}

/** Checks a {@link DatasetAnswer}; open. */
export const datasetAnswerSchema = z.object({
  dataset: z.string(),
  range: timeRangeSchema,
  columns: z.array(
    z.object({
      id: z.string(),
      role: z.enum(['dimension', 'measure']),
      type: z.enum(valueTypes),
      label: z.string(),
      currency: z.optional(z.string()),
    }),
  ),
  rows: z.array(z.array(z.union([z.string(), z.number(), z.null()]))),
  truncated: z.boolean(),
  nextCursor: z.optional(z.nullable(z.string())),
  truncatedBefore: z.optional(instantSchema),
  names: z.optional(z.array(z.object({ dimension: z.string(), id: z.string(), name: z.string() }))),
  scope: answerScopeSchema,
  freshness: freshnessSchema,
});

/** What can be asked of one dataset by this principal. */
export interface DatasetDescription {
  readonly id: string;
  readonly label: string;
  readonly description: string;
  readonly defaultWindowDays: number;
  readonly dimensions: readonly {
    readonly id: string;
    readonly label: string;
    readonly type: ValueType;
    readonly grains?: readonly Grain[] | undefined;
  }[];
  readonly measures: readonly {
    readonly id: string;
    readonly label: string;
    readonly type: ValueType;
    readonly description: string;
  }[];
  readonly filters: readonly { readonly field: string; readonly operators: readonly FilterOperator[] }[];
}

/** Answer to `GET /v1/datasets`. `ids` are all ids that are frozen; `datasets` those that can be queried now by this principal. */
export interface DatasetCatalogue {
  readonly ids: readonly string[];
  readonly datasets: readonly DatasetDescription[];
}

/** Checks a {@link DatasetCatalogue}; open. */
export const datasetCatalogueSchema = z.object({
  ids: z.array(z.string()),
  datasets: z.array(
    z.object({
      id: z.string(),
      label: z.string(),
      description: z.string(),
      defaultWindowDays: z.number(),
      dimensions: z.array(
        z.object({
          id: z.string(),
          label: z.string(),
          type: z.enum(valueTypes),
          grains: z.optional(z.array(grainSchema)),
        }),
      ),
      measures: z.array(
        z.object({ id: z.string(), label: z.string(), type: z.enum(valueTypes), description: z.string() }),
      ),
      filters: z.array(z.object({ field: z.string(), operators: z.array(z.enum(filterOperators)) })),
    }),
  ),
});
