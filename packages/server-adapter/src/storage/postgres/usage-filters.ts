import { sql, type RawBuilder } from 'kysely';
import type { PlanFilter } from '../contract/read-plan.ts';
import type { ReadScope } from '../contract/scoped-reader.ts';
import { arrayLiteral } from './array-literal.ts';

type Condition = RawBuilder<unknown>;

const comparisons = { lt: '<', lte: '<=', gt: '>', gte: '>=' } as const;

/** Conditions that hold together. */
export function allOf(conditions: readonly Condition[]): Condition {
  return conditions.length === 0 ? sql`true` : sql.join([...conditions], sql` and `);
}

/** One condition on a text in which `''` stands for none: a column by its name, or an expression. */
export function filterCondition(
  column: string | Condition,
  { operator, values }: Pick<PlanFilter, 'operator' | 'values'>,
): Condition {
  const field = typeof column === 'string' ? sql.ref(column) : column;
  const texts = values.map(String).filter((text) => text !== '');
  const wanted = texts[0] ?? null;
  switch (operator) {
    case 'isNull':
      return sql`${field} = ''`;
    case 'notNull':
      return sql`${field} <> ''`;
    case 'eq':
      return wanted === null ? sql`false` : sql`${field} = ${wanted}`;
    case 'ne':
      return wanted === null ? sql`true` : sql`${field} <> ${wanted}`;
    case 'in':
      return sql`${field} = any (${arrayLiteral(texts)}::text[])`;
    case 'contains':
      return sql`${field} <> '' and position(${String(values[0] ?? '')} in ${field}) > 0`;
    case 'lt':
    case 'lte':
    case 'gt':
    case 'gte':
      return sql`${field} <> '' and ${field} collate "C" ${sql.raw(comparisons[operator])} ${String(values[0] ?? '')}`;
  }
}

/** Limits a customer column to the scope. The database fences the same rows once more. */
export function scopeCondition(column: string, scope: ReadScope): Condition {
  if (scope.customers === 'all') return sql`true`;
  return sql`${sql.ref(column)} = any (${arrayLiteral(scope.customers)}::text[])`;
}
