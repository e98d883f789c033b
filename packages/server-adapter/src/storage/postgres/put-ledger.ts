import {
  totalTokens,
  type LedgerCustomer,
  type LedgerFlow,
  type LedgerInvoice,
  type ProviderLine,
} from '@tallykit/protocol';
import type { LedgerStore, PutCount } from '../contract/ledger-store.ts';
import { arrayLiteral } from './array-literal.ts';
import { canonicalJson } from './canonical-json.ts';
import { unknownOrganization } from './advance-rollups.ts';
import type { SqlDatabase, SqlSession } from './sql-database.ts';

/** Rows of one put that change something, by key: the last one under each key, in order of key. */
interface Changes<Row> {
  readonly count: PutCount;
  readonly latest: readonly Row[];
  readonly all: readonly Row[];
}

function changesIn<Row>(
  rows: readonly Row[],
  keyOf: (row: Row) => string,
  bodies: ReadonlyMap<string, string>,
): Changes<Row> {
  const current = new Map([...bodies].map(([key, body]) => [key, canonicalJson(JSON.parse(body))]));
  const latest = new Map<string, Row>();
  const all: Row[] = [];
  for (const row of rows) {
    const body = canonicalJson(row);
    if (current.get(keyOf(row)) === body) continue;
    current.set(keyOf(row), body);
    latest.set(keyOf(row), row);
    all.push(row);
  }
  const sorted = [...latest].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
  return { count: { stored: all.length, unchanged: rows.length - all.length }, latest: sorted, all };
}

// Puts of one organization wait for each other, so that what they compare with stays as it is.
async function lockLedger(session: SqlSession, organizationId: string): Promise<void> {
  const locked = await session.query('select 1 from tallykit.organization where id = $1 for update', [
    organizationId,
  ]);
  if (locked.length === 0) throw unknownOrganization(organizationId);
}

async function bodiesOf(
  session: SqlSession,
  organizationId: string,
  { table, ids }: { readonly table: string; readonly ids: readonly string[] },
): Promise<Map<string, string>> {
  const rows = await session.query<{ readonly id: string; readonly body: string }>(
    `select id, body from tallykit.${table} where organization_id = $1 and id = any($2::text[]) and body is not null`,
    [organizationId, arrayLiteral(ids)],
  );
  return new Map(rows.map(({ id, body }) => [id, body]));
}

const idsOf = (rows: readonly { readonly id: string }[]): string[] => rows.map(({ id }) => id);

async function writeCustomers(session: SqlSession, organizationId: string, rows: readonly LedgerCustomer[]) {
  await session.query(
    `insert into tallykit.customer (organization_id, id, name, parent_customer_id, stub, body)
     select $1, id, name, parent, false, body
     from unnest($2::text[], $3::text[], $4::text[], $5::text[]) as input(id, name, parent, body)
     on conflict (organization_id, id) do update set name = excluded.name,
       parent_customer_id = excluded.parent_customer_id, stub = false, body = excluded.body`,
    [
      organizationId,
      arrayLiteral(idsOf(rows)),
      arrayLiteral(rows.map(({ name }) => name)),
      arrayLiteral(rows.map(({ parentCustomerId }) => parentCustomerId)),
      arrayLiteral(rows.map(canonicalJson)),
    ],
  );
}

async function writeFlows(session: SqlSession, organizationId: string, rows: readonly LedgerFlow[]) {
  await session.query(
    `insert into tallykit.flow (organization_id, id, name, body)
     select $1, id, name, body from unnest($2::text[], $3::text[], $4::text[]) as input(id, name, body)
     on conflict (organization_id, id) do update set name = excluded.name, body = excluded.body`,
    [
      organizationId,
      arrayLiteral(idsOf(rows)),
      arrayLiteral(rows.map(({ name }) => name)),
      arrayLiteral(rows.map(canonicalJson)),
    ],
  );
}

async function writeInvoices(
  session: SqlSession,
  organizationId: string,
  { rows, at }: { readonly rows: readonly LedgerInvoice[]; readonly at: number },
) {
  const customers = [...new Set(rows.map(({ customerId }) => customerId))].sort();
  await session.query(
    `insert into tallykit.customer (organization_id, id, name, stub)
     select $1, id, id, true from unnest($2::text[]) as input(id) on conflict do nothing`,
    [organizationId, arrayLiteral(customers)],
  );
  await session.query(
    `insert into tallykit.invoice (organization_id, id, customer_id, status, currency, issue_date, total_excl_tax,
       total_incl_tax, stored_at, body)
     select $1, id, customer, status, currency, day, excl, incl, tallykit.at_ms($2), body
     from unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::date[], $8::bigint[], $9::bigint[], $10::text[])
       as input(id, customer, status, currency, day, excl, incl, body)
     on conflict (organization_id, id) do update set customer_id = excluded.customer_id, status = excluded.status,
       currency = excluded.currency, issue_date = excluded.issue_date, total_excl_tax = excluded.total_excl_tax,
       total_incl_tax = excluded.total_incl_tax, stored_at = excluded.stored_at, body = excluded.body`,
    [
      organizationId,
      at,
      arrayLiteral(idsOf(rows)),
      arrayLiteral(rows.map(({ customerId }) => customerId)),
      arrayLiteral(rows.map(({ status }) => status)),
      arrayLiteral(rows.map(({ currency }) => currency)),
      arrayLiteral(rows.map(({ issueDate }) => issueDate)),
      arrayLiteral(rows.map(({ totalExclTax }) => totalExclTax)),
      arrayLiteral(rows.map(({ totalInclTax }) => totalInclTax)),
      arrayLiteral(rows.map(canonicalJson)),
    ],
  );
}

const lineKey = (provider: string, sourceId: string): string => JSON.stringify([provider, sourceId]);

async function currentLines(session: SqlSession, organizationId: string, lines: readonly ProviderLine[]) {
  return session.query<{ provider: string; source_id: string; revision: number; body: string }>(
    `select provider, source_id, revision, body from tallykit.provider_line
     join unnest($2::text[], $3::text[]) as input(provider, source_id) using (provider, source_id)
     where organization_id = $1 and is_current`,
    [
      organizationId,
      arrayLiteral(lines.map(({ provider }) => provider)),
      arrayLiteral(lines.map(({ sourceId }) => sourceId)),
    ],
  );
}

async function putLines(
  session: SqlSession,
  organizationId: string,
  { lines, at }: { readonly lines: readonly ProviderLine[]; readonly at: number },
): Promise<PutCount> {
  const keyOf = ({ provider, sourceId }: ProviderLine): string => lineKey(provider, sourceId);
  const current = await currentLines(session, organizationId, lines);
  const bodies = new Map(current.map((row) => [lineKey(row.provider, row.source_id), row.body]));
  const revisions = new Map(current.map((row) => [lineKey(row.provider, row.source_id), row.revision]));
  const { all, latest, count } = changesIn(lines, keyOf, bodies);
  const newest = new Set<ProviderLine>(latest);
  const numbered = all.map((line) => {
    const revision = (revisions.get(keyOf(line)) ?? 0) + 1;
    revisions.set(keyOf(line), revision);
    return { line, revision, isCurrent: newest.has(line) };
  });
  const changed = all.map(({ provider, sourceId }) => ({ provider, sourceId }));
  await session.query(
    `update tallykit.provider_line line set is_current = false
     from unnest($2::text[], $3::text[]) as input(provider, source_id)
     where line.organization_id = $1 and line.provider = input.provider and line.source_id = input.source_id and is_current`,
    [
      organizationId,
      arrayLiteral(changed.map(({ provider }) => provider)),
      arrayLiteral(changed.map(({ sourceId }) => sourceId)),
    ],
  );
  const column = (value: (line: ProviderLine) => string | number | null | undefined): string =>
    arrayLiteral(all.map(value));
  await session.query(
    `insert into tallykit.provider_line (organization_id, stored_at, provider, source_id, revision, is_current, starts_at,
       fetched_at, customer_id, currency, amount, tokens, requests, body)
     select $1, tallykit.at_ms($2), input.* from unnest($3::text[], $4::text[], $5::int[], $6::boolean[],
       $7::timestamptz[], $8::timestamptz[], $9::text[], $10::text[], $11::numeric[], $12::bigint[], $13::bigint[],
       $14::text[]) as input`,
    [
      organizationId,
      at,
      column(({ provider }) => provider),
      column(({ sourceId }) => sourceId),
      arrayLiteral(numbered.map(({ revision }) => revision)),
      arrayLiteral(numbered.map(({ isCurrent }) => isCurrent)),
      column(({ from }) => from),
      column(({ fetchedAt }) => fetchedAt),
      column(({ customerId }) => customerId),
      column(({ cost }) => cost?.currency),
      column(({ cost }) => cost?.amount),
      column(({ usage }) => totalTokens(usage)),
      column(({ requests }) => requests),
      column(canonicalJson),
    ],
  );
  return count;
}

/** What the vendor pushes, kept in PostgreSQL. */
export function ledgerStore(database: SqlDatabase, organizationId: string): LedgerStore {
  const locked = <Result>(work: (session: SqlSession) => Promise<Result>): Promise<Result> =>
    database.transaction(async (session) => {
      await lockLedger(session, organizationId);
      return work(session);
    });
  const idOf = ({ id }: { readonly id: string }): string => id;
  return {
    putCustomers: (customers) =>
      locked(async (session) => {
        const bodies = await bodiesOf(session, organizationId, { table: 'customer', ids: idsOf(customers) });
        const { latest, count } = changesIn(customers, idOf, bodies);
        if (latest.length > 0) await writeCustomers(session, organizationId, latest);
        return count;
      }),
    parentLinks: (customerIds) =>
      database.query<{ readonly id: string; readonly parentCustomerId: string }>(
        `with recursive above(id) as (
           select unnest($2::text[]) collate "C"
           union
           select c.parent_customer_id from tallykit.customer c join above using (id)
           where c.organization_id = $1 and c.parent_customer_id is not null
         ) select id, parent_customer_id as "parentCustomerId" from tallykit.customer join above using (id)
         where organization_id = $1 and parent_customer_id is not null order by id collate "C"`,
        [organizationId, arrayLiteral(customerIds)],
      ),
    putInvoices: (invoices, at) =>
      locked(async (session) => {
        const bodies = await bodiesOf(session, organizationId, { table: 'invoice', ids: idsOf(invoices) });
        const { latest, count } = changesIn(invoices, idOf, bodies);
        if (latest.length > 0) await writeInvoices(session, organizationId, { rows: latest, at });
        return count;
      }),
    putFlows: (flows) =>
      locked(async (session) => {
        const bodies = await bodiesOf(session, organizationId, { table: 'flow', ids: idsOf(flows) });
        const { latest, count } = changesIn(flows, idOf, bodies);
        if (latest.length > 0) await writeFlows(session, organizationId, latest);
        return count;
      }),
    putProviderLines: (lines, at) => locked((session) => putLines(session, organizationId, { lines, at })),
  };
}
