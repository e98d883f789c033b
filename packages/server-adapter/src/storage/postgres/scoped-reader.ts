import { sql } from 'kysely';
import type { Clock } from '../../primitives/clock.ts';
import type { ReadPlan } from '../contract/read-plan.ts';
import type { ReadPosition, ReadScope, RowOf, ScopedReader } from '../contract/scoped-reader.ts';
import { readCalls, readFlow } from './read-calls.ts';
import { readFacts } from './read-facts.ts';
import * as plans from './read-plans.ts';
import { readUsage } from './read-usage.ts';
import type { ReaderSessions } from './reader-session.ts';
import type { SqlDatabase, SqlSession } from './sql-database.ts';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const traceId = /^[0-9a-f]{32}$/;

function rowsOf(scoped: plans.ScopedSession, plan: ReadPlan): Promise<readonly unknown[]> {
  switch (plan.kind) {
    case 'usage':
      return readUsage(scoped.session, { ...scoped, plan });
    case 'pending':
      return plans.readPending(scoped, plan);
    case 'invoices':
      return plans.readInvoices(scoped, plan);
    case 'provider_lines':
      return plans.readProviderLines(scoped, plan);
    case 'captured':
      return plans.readCaptured(scoped, plan);
    case 'call':
      // What cannot be an id is unknown, not an error of the database.
      return uuid.test(plan.id) ? plans.readEvents(scoped, sql`e.id = ${plan.id}`, 1) : Promise.resolve([]);
    case 'trace':
      return traceId.test(plan.traceId)
        ? plans.readEvents(scoped, sql`e.trace_id = ${plan.traceId}`, plan.limit)
        : Promise.resolve([]);
    case 'conversation':
      return plans.readEvents(scoped, sql`e.conversation_id = ${plan.conversationId}`, plan.limit);
    case 'facts':
      return readFacts(scoped.session, { ...scoped, plan });
    case 'calls':
      return readCalls(scoped, plan);
    case 'flow':
      return readFlow(scoped, plan);
    case 'names':
      return plans.readNames(scoped, plan);
    case 'customers':
      return plans.readCustomers(scoped, plan);
    case 'prices':
      return plans.readPrices(scoped, plan);
  }
}

interface PositionRow {
  readonly cursor: number;
  readonly head: number;
  readonly waiting_since: number | null;
}

async function positionOf(session: SqlSession, organizationId: string, now: number): Promise<ReadPosition> {
  const [row] = await session.query<PositionRow>(
    `select c.sequence::float8 as cursor, h.sequence::float8 as head, (
       select tallykit.ms_of(recorded_at) from tallykit.log_batch b
       where b.organization_id = $1 and b.last_sequence > c.sequence order by b.last_sequence limit 1
     ) as waiting_since
     from tallykit.rollup_cursor c join tallykit.log_head h using (organization_id) where c.organization_id = $1`,
    [organizationId],
  );
  if (row === undefined) return { cursor: 0, head: 0, asOf: now };
  const { cursor, head, waiting_since: waitingSince } = row;
  return { cursor, head, asOf: cursor >= head ? now : (waitingSince ?? now) };
}

const descendantsText = `with recursive below(id) as (
  select $2::text collate "C"
  union
  select c.id from tallykit.customer c join below on c.parent_customer_id = below.id where c.organization_id = $1
) select id from below order by id <> $2, id collate "C"`;

/** Everything a reader needs beside its scope. */
export interface ReaderParts {
  readonly database: SqlDatabase;
  readonly sessions: ReaderSessions;
  readonly clock: Clock;
  readonly timeZoneOf: (organizationId: string) => Promise<string>;
}

/** The read side of one scope. */
export function scopedReader(
  scope: ReadScope,
  { database, sessions, clock, timeZoneOf }: ReaderParts,
): ScopedReader {
  return {
    async read<Plan extends ReadPlan>(plan: Plan) {
      const timeZone = await timeZoneOf(scope.organizationId);
      const now = clock.now();
      return sessions.read(scope, async (session) => {
        const position = await positionOf(session, scope.organizationId, now);
        // The switch over kinds is what ties a plan to its rows; the compiler cannot follow it through the type parameter.
        const rows = (await rowsOf({ session, scope, timeZone }, plan)) as readonly RowOf<Plan>[];
        return { rows, position };
      });
    },
    async descendants(customerId) {
      if (scope.customers !== 'all' && !scope.customers.includes(customerId)) return [];
      const rows = await database.query<{ readonly id: string }>(descendantsText, [
        scope.organizationId,
        customerId,
      ]);
      return rows.map(({ id }) => id);
    },
  };
}
