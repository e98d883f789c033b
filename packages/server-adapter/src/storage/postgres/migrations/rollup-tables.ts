import { rollupNodes, type RollupNode } from '../../contract/lattice.ts';
import {
  amountColumns,
  countColumns,
  nodeKeyColumns,
  nodeTable,
  presenceColumns,
  reportedColumns,
} from '../rollup-columns.ts';

const byTime = 'pages_per_range = 16, autosummarize = on';

function tableOf(node: RollupNode): string {
  const keys = nodeKeyColumns(node);
  const [first, ...others] = keys;
  const byCustomer = first === 'customer_id';
  // A customer's own rows lie together. What operators read over all customers goes by the second index, which costs next
  // to nothing to keep, since rows come about in the order of time.
  const primaryKey = byCustomer
    ? ['organization_id', 'customer_id', 'bucket', ...others]
    : ['organization_id', 'bucket', ...keys];
  const name = nodeTable(node);
  return [
    `create table ${name} (`,
    '  organization_id text collate "C" not null,',
    `  bucket ${node.grain === 'day' ? 'date' : 'timestamptz'} not null,`,
    ...keys.map((column) => `  ${column} text collate "C" not null,`),
    ...countColumns.map((column) => `  ${column} bigint not null,`),
    ...reportedColumns.map((column) => `  ${column} bigint,`),
    ...amountColumns.map((column) => `  ${column} numeric(38,12),`),
    `  primary key (${primaryKey.join(', ')})`,
    ') with (fillfactor = 80);',
    ...(byCustomer
      ? [`create index rollup_${node.id}_by_bucket on ${name} using brin (bucket) with (${byTime});`]
      : []),
  ].join('\n');
}

const presence = [
  'create table tallykit.presence (',
  '  organization_id text collate "C" not null,',
  '  day date not null,',
  '  key uuid not null,',
  ...presenceColumns.map((column) => `  ${column} text collate "C" not null,`),
  '  primary key (organization_id, customer_id, day, key)',
  ');',
  `create index presence_by_day on tallykit.presence using brin (day) with (${byTime});`,
].join('\n');

/** One table for each node of the lattice, and the presence rows that distinct counts are read from. */
export const rollupTables = [...rollupNodes.map(tableOf), presence].join('\n\n');
