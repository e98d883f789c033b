import type { RollupKey, RollupNode } from '../contract/lattice.ts';
import type { UsageDimension } from '../contract/read-plan.ts';

/** Column of each dimension, in events, facts and rollup tables alike. */
export const dimensionColumns: Readonly<Record<UsageDimension, string>> = {
  customer: 'customer_id',
  provider: 'provider',
  model: 'model',
  flow: 'flow',
  product: 'product_id',
  configuration: 'configuration',
  environment: 'environment',
  status: 'status',
  user: 'user_id',
  price: 'price_id',
  currency: 'currency',
};

/** Summed columns that are 0 when there is nothing. */
export const countColumns = [
  'calls',
  'errors',
  'aborted_calls',
  'unattributed_calls',
  'pending_calls',
  'pending_reporting',
  'pending_tokens',
  'lone_messages',
] as const;

/** Summed columns that are null until something was reported. */
export const reportedColumns = ['prompt_tokens', 'completion_tokens', 'conversation_tokens'] as const;

/** Summed columns of money. */
export const amountColumns = ['list_amount', 'effective_amount', 'charge_amount'] as const;

/** Every summed column, in order. */
export const sumColumns = [...countColumns, ...reportedColumns, ...amountColumns] as const;

/** Columns by which presence rows tell messages and conversations apart. */
export const presenceColumns = [
  'customer_id',
  'provider',
  'model',
  'flow',
  'product_id',
  'configuration',
  'environment',
  'conversation_id',
  'message_id',
] as const;

/** Table of a node. */
export function nodeTable(node: Pick<RollupNode, 'id'>): string {
  return `tallykit.rollup_${node.id}`;
}

/** Key columns of a node without organization and bucket; `''` in one of them stands for none. */
export function nodeKeyColumns(node: { readonly keys: readonly RollupKey[] }): string[] {
  return [...node.keys.map((key) => dimensionColumns[key]), 'environment', 'currency'];
}
