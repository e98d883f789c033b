import { rollupNodes, type RollupNode } from '../../contract/lattice.ts';
import {
  amountColumns,
  countColumns,
  nodeKeyColumns,
  nodeTable,
  presenceColumns,
  reportedColumns,
} from '../rollup-columns.ts';

function tableOf(node: RollupNode): string {
  const keys = nodeKeyColumns(node);
  const [first, ...others] = keys;
  const byCustomer = first === 'customer_id';
  // A customer's own rows lie together; what operators read over all customers goes by the second index.
  const primaryKey = byCustomer
    ? ['organization_id', 'customer_id', 'bucket', ...others]
    : ['organization_id', 'bucket', ...keys];
  const name = nodeTable(node);
  return [
    `create table ${name} (`,
    '  organization_id text not null,',
    `  bucket ${node.grain === 'day' ? 'date' : 'timestamptz'} not null,`,
    ...keys.map((column) => `  ${column} text not null,`),
    ...countColumns.map((column) => `  ${column} bigint not null,`),
    ...reportedColumns.map((column) => `  ${column} bigint,`),
    ...amountColumns.map((column) => `  ${column} numeric(38,12),`),
    `  primary key (${primaryKey.join(', ')})`,
    ') with (fillfactor = 80);',
    ...(byCustomer ? [`create index rollup_${node.id}_by_bucket on ${name} (organization_id, bucket);`] : []),
  ].join('\n');
}

const presence = [
  'create table tallykit.presence (',
  '  organization_id text not null,',
  '  day date not null,',
  '  key uuid not null,',
  ...presenceColumns.map((column) => `  ${column} text not null,`),
  '  primary key (organization_id, day, key)',
  ');',
  'create index presence_by_customer on tallykit.presence (organization_id, customer_id, day);',
].join('\n');

/** One table for each node of the lattice, and the presence rows that distinct counts are read from. */
export const rollupTables = [...rollupNodes.map(tableOf), presence].join('\n\n');
