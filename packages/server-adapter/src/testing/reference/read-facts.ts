import { addDecimals } from '../../primitives/money.ts';
import { bucketStart } from '../../primitives/time-bucket.ts';
import {
  eventFieldPaths,
  eventNumberPaths,
  type EventField,
  type EventNumber,
} from '../../storage/contract/event-fields.ts';
import {
  longestRunMs,
  type CallField,
  type FactAggregate,
  type FactCondition,
  type FactPlan,
} from '../../storage/contract/read-plan.ts';
import type { Cell, ReadScope } from '../../storage/contract/scoped-reader.ts';
import { compareCells, compareText } from './compare-cells.ts';
import { inScope, meets } from './read-usage.ts';
import { standingCost, type LoggedEvent, type OrganizationState } from './organization-state.ts';

function partAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (inside, key) =>
      typeof inside === 'object' && inside !== null ? (inside as Record<string, unknown>)[key] : undefined,
    value,
  );
}

function textOf({ event }: LoggedEvent, field: EventField): string | null {
  const value = partAt(event, eventFieldPaths[field]);
  return value === undefined ? null : String(value);
}

function numberOf({ event }: LoggedEvent, number: EventNumber): string | null {
  const value = partAt(event, eventNumberPaths[number]);
  return value === undefined ? null : String(value);
}

/** A field by which calls are listed. */
export function callFieldOf(state: OrganizationState, logged: LoggedEvent, field: CallField): string | null {
  if (field === 'superseded') return String(logged.supersededBy !== null);
  if (field !== 'cost_state' && field !== 'pending_reason') return textOf(logged, field);
  const standing = logged.counted ? standingCost(state.entries.get(logged.event.id) ?? []) : null;
  if (field === 'pending_reason') return standing?.kind === 'pending' ? standing.reason : null;
  return standing?.kind ?? 'not_counted';
}

const isTrue = (logged: LoggedEvent, { field, in: values }: FactCondition): boolean =>
  values.includes(textOf(logged, field) ?? '');

/** A run as its events tell it: the one that says how it stands, at the time of the first. */
function runsOf(events: readonly LoggedEvent[]): readonly LoggedEvent[] {
  const runs = Map.groupBy(events, (logged) =>
    JSON.stringify((['customer', 'flow', 'run'] as const).map((field) => textOf(logged, field))),
  );
  return [...runs.values()].flatMap((told) => {
    const began = Math.min(...told.map(({ occurredAt }) => occurredAt));
    const isOpen = (logged: LoggedEvent): number => (textOf(logged, 'status') === 'running' ? 1 : 0);
    const [standing] = told.toSorted(
      (a, b) => isOpen(a) - isOpen(b) || b.occurredAt - a.occurredAt || compareText(b.event.id, a.event.id),
    );
    return standing === undefined ? [] : [{ ...standing, occurredAt: began }];
  });
}

function valueOf(aggregate: FactAggregate, facts: readonly LoggedEvent[]): Cell {
  if (aggregate.kind === 'reached') {
    const groups = Map.groupBy(facts, (logged) => textOf(logged, aggregate.of));
    return [...groups].filter(
      ([key, events]) =>
        key !== null &&
        aggregate.least.every(
          ({ count, where }) => events.filter((logged) => isTrue(logged, where)).length >= count,
        ),
    ).length;
  }
  const { where } = aggregate;
  const chosen = where === undefined ? facts : facts.filter((logged) => isTrue(logged, where));
  if (aggregate.kind === 'count') {
    const { of } = aggregate;
    return of === undefined ? chosen.length : chosen.filter((logged) => numberOf(logged, of) !== null).length;
  }
  if (aggregate.kind === 'distinct') {
    return new Set(chosen.map((logged) => textOf(logged, aggregate.of)).filter((text) => text !== null)).size;
  }
  const numbers = chosen.map((logged) => numberOf(logged, aggregate.of)).filter((text) => text !== null);
  if (numbers.length === 0) return null;
  if (aggregate.kind === 'sum') return numbers.reduce((sum, text) => addDecimals(sum, text), '0');
  const sorted = numbers.map(Number).sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(aggregate.fraction * sorted.length) - 1)] ?? null;
}

/** Figures over events of one kind, by going through all of them. */
export function readFacts(
  state: OrganizationState,
  scope: ReadScope,
  plan: FactPlan,
): Record<string, Cell>[] {
  const { bucket, range } = plan;
  const slack = plan.standing ? longestRunMs : 0;
  const told = [...state.events.values()].filter(
    ({ event, occurredAt }) =>
      event.kind === plan.of &&
      inScope(event.customerId, scope) &&
      occurredAt >= range.from - slack &&
      occurredAt < range.to + slack,
  );
  const facts = (plan.standing ? runsOf(told) : told).filter(
    (logged) =>
      logged.occurredAt >= range.from &&
      logged.occurredAt < range.to &&
      plan.filters.every((filter) => meets(textOf(logged, filter.field), filter)),
  );
  const keyOf = (logged: LoggedEvent): Record<string, Cell> => ({
    ...(bucket === null ? {} : { bucket: bucketStart(logged.occurredAt, bucket.grain, bucket.timeZone) }),
    ...Object.fromEntries(plan.dimensions.map((field) => [field, textOf(logged, field)])),
  });
  const groups = Map.groupBy(facts, (logged) => JSON.stringify(keyOf(logged)));
  if (bucket === null && plan.dimensions.length === 0 && groups.size === 0) groups.set('{}', []);
  const names = ['bucket', ...plan.dimensions];
  return [...groups]
    .map(([key, events]): Record<string, Cell> => ({
      ...(JSON.parse(key) as Record<string, Cell>),
      ...Object.fromEntries(
        Object.entries(plan.measures).map(([name, aggregate]) => [name, valueOf(aggregate, events)]),
      ),
    }))
    .sort((a, b) => {
      for (const name of names) {
        const order = compareCells(a[name] ?? null, b[name] ?? null, { decimal: false, descending: false });
        if (order !== 0) return order;
      }
      return 0;
    })
    .slice(0, plan.limit);
}
