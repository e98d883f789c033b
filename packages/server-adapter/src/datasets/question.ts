import type { DatasetFilter, Grain } from '@tallykit/protocol';
import type { Cell } from '../storage/contract/scoped-reader.ts';
import type { CallDataset } from './call-dataset.ts';
import type { DatasetDefinition } from './dataset-definition.ts';
import type { FactDataset, FactMeasureSource } from './fact-dataset.ts';

/** Narrows whose figures are asked for. Neither part can widen what the principal may read. */
export interface Who {
  /** Operators: one customer's figures as that customer sees them, scope and visibility together. */
  readonly asCustomer?: string | undefined;
  /** One customer's figures; what may be seen of them stays as it is. */
  readonly customerId?: string | undefined;
}

/** A span, Unix milliseconds, `from` inclusive, `to` exclusive. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** The fields that a question names, whatever answers it. */
export interface QuestionFields<Source> {
  readonly dataset: DatasetDefinition<string, Source>;
  readonly measures: readonly string[];
  readonly dimensions: readonly string[];
  readonly filters: readonly DatasetFilter[];
  readonly orderBy?: readonly { readonly field: string; readonly direction: 'asc' | 'desc' }[] | undefined;
}

/** Figures over events of a kind, as data. Every id is one of `dataset`. */
export interface FactQuestion extends QuestionFields<FactMeasureSource> {
  readonly dataset: FactDataset;
  /** Width of the `time` dimension. */
  readonly grain: Grain;
  readonly timeZone: string;
  readonly range: Span;
  /** All rows unless told. */
  readonly limit?: number | undefined;
}

/** Answer to a {@link FactQuestion}. */
export interface FactReading extends Reading {
  readonly rows: readonly UsageRow[];
  /** Whether `limit` cut rows off. */
  readonly truncated: boolean;
  /** Currency of the amounts when they are not cut by currency; null when there are none. */
  readonly currency: string | null;
}

/** One page of single calls, newest first. */
export interface CallsQuestion {
  readonly dataset: CallDataset;
  readonly measures: readonly string[];
  readonly dimensions: readonly string[];
  readonly range: Span;
  readonly filters: readonly DatasetFilter[];
  /** Id below which the page begins; null for the newest. */
  readonly before: string | null;
  /** Place in the log up to which calls are listed; null for its head. */
  readonly upTo: number | null;
  readonly limit: number;
}

/** Sums of calls, as data. Every id is one of `dataset`. */
export interface UsageQuestion {
  readonly dataset: DatasetDefinition;
  readonly measures: readonly string[];
  readonly dimensions: readonly string[];
  /** Width of the `time` dimension. */
  readonly grain: Grain;
  readonly timeZone: string;
  readonly range: Span;
  readonly filters: readonly DatasetFilter[];
  readonly orderBy?: readonly { readonly field: string; readonly direction: 'asc' | 'desc' }[] | undefined;
  /** All rows unless told. */
  readonly limit?: number | undefined;
}

/** One row: dimensions and measures by id. `time` is the bucket's start in Unix milliseconds. */
export type UsageRow = Readonly<Record<string, Cell>>;

/** How current what was read is, and what is missing from it. */
export interface Reading {
  /** Unix milliseconds: all that was recorded before is in it. */
  readonly asOf: number;
  /** Fields that were asked for and that the principal may not see. */
  readonly withheld: readonly string[];
}

/** Calls whose cost is not known yet, and their tokens. */
export interface PendingFigure {
  readonly calls: number;
  readonly tokens: number | null;
}

/** Answer to a {@link UsageQuestion}. */
export interface UsageReading extends Reading {
  readonly rows: readonly UsageRow[];
  /** Whether `limit` cut rows off. */
  readonly truncated: boolean;
  /** Over all rows, those that `limit` cut off included, whatever currency was filtered by. */
  readonly pending: PendingFigure;
  /** Currency of the amounts when they are not cut by currency; null when there are none. */
  readonly currency: string | null;
}
