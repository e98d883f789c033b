import { sql, type RawBuilder } from 'kysely';
import {
  eventFieldPaths,
  eventNumberPaths,
  type EventField,
  type EventNumber,
} from '../contract/event-fields.ts';

/** Fields that stand in columns of their own, as text over the alias `e`. Those of other kinds of events are in the rest. */
const columns: Partial<Record<EventField, string>> = {
  id: 'e.id::text',
  trace: "replace(e.trace_id::text, '-', '')",
  customer: 'e.customer_id',
  user: 'e.user_id',
  product: 'e.product_id',
  flow: 'e.flow',
  configuration: 'e.configuration',
  conversation: 'e.conversation_id',
  message: 'e.message_id',
  environment: 'e.environment',
  provider: 'e.provider',
  model: 'e.model',
  // Of calls it is a column; other kinds have it in the rest.
  status: "coalesce(e.status, e.rest ->> 'status')",
  final: 'e.final::text',
};

function inRest(path: readonly string[]): string {
  return path.length === 1 ? `e.rest ->> '${path[0]}'` : `e.rest #>> '{${path.join(',')}}'`;
}

/** The text of a field, `''` when the event has none. */
export function fieldText(field: EventField): RawBuilder<unknown> {
  return sql.raw(`coalesce(${columns[field] ?? inRest(eventFieldPaths[field])}, '') collate "C"`);
}

/** A number of an event, null when it has none. */
export function fieldNumber(field: EventNumber): RawBuilder<unknown> {
  return sql.raw(`(${inRest(eventNumberPaths[field])})::numeric`);
}
