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

/**
 * The lattice, from the coarsest node to the finest: the first one that holds a question's dimensions answers it.
 * Quarter hours serve every zone and every grain; days serve the organization's own zone in far fewer rows.
 */
export const rollupNodes = [
  { id: 'day_status', grain: 'day', keys: ['status'] },
  { id: 'day_product', grain: 'day', keys: ['product'] },
  { id: 'day_configuration', grain: 'day', keys: ['configuration'] },
  { id: 'day_flow', grain: 'day', keys: ['flow'] },
  { id: 'day_model', grain: 'day', keys: ['provider', 'model'] },
  { id: 'quarter_status', grain: 'quarter_hour', keys: ['status'] },
  { id: 'quarter_product', grain: 'quarter_hour', keys: ['product'] },
  { id: 'quarter_configuration', grain: 'quarter_hour', keys: ['configuration'] },
  { id: 'quarter_flow', grain: 'quarter_hour', keys: ['flow'] },
  { id: 'quarter_model', grain: 'quarter_hour', keys: ['provider', 'model'] },
  { id: 'day_customer', grain: 'day', keys: ['customer'] },
  { id: 'day_customer_product', grain: 'day', keys: ['customer', 'product'] },
  { id: 'day_customer_configuration', grain: 'day', keys: ['customer', 'configuration'] },
  { id: 'day_customer_flow', grain: 'day', keys: ['customer', 'flow'] },
  { id: 'day_customer_model', grain: 'day', keys: ['customer', 'provider', 'model'] },
  { id: 'day_customer_price', grain: 'day', keys: ['customer', 'price'] },
  { id: 'day_customer_user', grain: 'day', keys: ['customer', 'user'] },
  { id: 'quarter_customer', grain: 'quarter_hour', keys: ['customer'] },
] as const satisfies readonly RollupNode[];

/** Id of one node. */
export type RollupNodeId = (typeof rollupNodes)[number]['id'];

/** Dimensions by which messages and conversations can be counted distinctly without reading events. */
export const presenceDimensions = [
  'customer',
  'provider',
  'model',
  'flow',
  'product',
  'configuration',
  'environment',
] as const;
