/** Columns that a rollup node may be keyed by. */
export type RollupKey =
  'customer' | 'provider' | 'model' | 'flow' | 'product' | 'configuration' | 'status' | 'user' | 'price';

/** One summed table. `environment` and `currency` are keys of every node. */
export interface RollupNode {
  readonly id: string;
  /** `quarter_hour`: 15 minutes UTC. `day`: a day of the organization's reporting zone. */
  readonly grain: 'quarter_hour' | 'day';
  readonly keys: readonly RollupKey[];
}

/** The lattice: for each question the coarsest node that holds its dimensions answers. */
export const rollupNodes = [
  { id: 'quarter_model', grain: 'quarter_hour', keys: ['provider', 'model'] },
  { id: 'quarter_flow', grain: 'quarter_hour', keys: ['flow'] },
  { id: 'quarter_product', grain: 'quarter_hour', keys: ['product'] },
  { id: 'quarter_configuration', grain: 'quarter_hour', keys: ['configuration'] },
  { id: 'quarter_status', grain: 'quarter_hour', keys: ['status'] },
  { id: 'quarter_customer', grain: 'quarter_hour', keys: ['customer'] },
  { id: 'day_customer_model', grain: 'day', keys: ['customer', 'provider', 'model'] },
  { id: 'day_customer_flow', grain: 'day', keys: ['customer', 'flow'] },
  { id: 'day_customer_product', grain: 'day', keys: ['customer', 'product'] },
  { id: 'day_customer_configuration', grain: 'day', keys: ['customer', 'configuration'] },
  { id: 'day_customer_user', grain: 'day', keys: ['customer', 'user'] },
  { id: 'day_customer_price', grain: 'day', keys: ['customer', 'price'] },
] as const satisfies readonly RollupNode[];

/** Id of one node. */
export type RollupNodeId = (typeof rollupNodes)[number]['id'];
