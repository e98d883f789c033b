import type { PriceStore, StoredPrice } from '../contract/price-store.ts';
import { unknownOrganization } from './advance-rollups.ts';
import { arrayLiteral } from './array-literal.ts';
import type { SqlDatabase, SqlSession } from './sql-database.ts';

/** Organization under which the shared catalogue's rows are kept. */
const catalogue = '';

/** Select list of a stored price over `tallykit.price`. */
export const priceColumns = 'id, tallykit.ms_of(known_from) as known_from, body';

/** A price as a row gives it. */
export interface PriceColumns {
  readonly id: string;
  readonly known_from: number;
  readonly body: unknown;
}

/** The stored price of a row. */
export function priceOfRow({ known_from, body }: PriceColumns): StoredPrice {
  return { ...(body as StoredPrice), knownFrom: new Date(known_from).toISOString() };
}

async function insertPrices(
  session: SqlSession,
  organizationId: string,
  { rows, at }: { readonly rows: readonly { readonly id: string }[]; readonly at: number },
): Promise<Set<string>> {
  const inserted = await session.query<{ readonly id: string }>(
    `insert into tallykit.price (organization_id, id, known_from, body)
     select $1, id, tallykit.at_ms($2), body::json from unnest($3::text[], $4::text[]) as input(id, body)
     on conflict do nothing returning id`,
    [
      organizationId,
      at,
      arrayLiteral(rows.map(({ id }) => id)),
      arrayLiteral(rows.map((row) => JSON.stringify(row))),
    ],
  );
  return new Set(inserted.map(({ id }) => id));
}

/** Dated price rows, kept in PostgreSQL. */
export function priceStore(database: SqlDatabase, organizationId: string): PriceStore {
  return {
    async prices() {
      const [head] = await database.query<{ readonly version: number }>(
        'select price_version::float8 as version from tallykit.log_head where organization_id = $1',
        [organizationId],
      );
      if (head === undefined) throw unknownOrganization(organizationId);
      // The version is read before the rows: a change in between makes the next append find its drafts stale.
      const rows = await database.query<PriceColumns>(
        `select ${priceColumns} from tallykit.price where organization_id in ($1, $2) order by id collate "C"`,
        [organizationId, catalogue],
      );
      return { version: head.version, rows: rows.map(priceOfRow) };
    },

    putPrices: (rows, at) =>
      database.transaction(async (session) => {
        const [head] = await session.query<{ readonly sequence: number; readonly version: number }>(
          `select sequence::float8 as sequence, price_version::float8 as version from tallykit.log_head
           where organization_id = $1 for update`,
          [organizationId],
        );
        if (head === undefined) throw unknownOrganization(organizationId);
        const first = new Map(rows.toReversed().map((row) => [row.id, row]));
        const inserted = await insertPrices(session, organizationId, { rows: [...first.values()], at });
        const stored = rows
          .filter((row) => inserted.has(row.id) && first.get(row.id) === row)
          .map(({ id }) => id);
        const unchanged = rows
          .filter((row) => !inserted.has(row.id) || first.get(row.id) !== row)
          .map(({ id }) => id);
        if (stored.length === 0) return { stored, unchanged, version: head.version };
        await session.query(
          `with moved as (
             update tallykit.log_head set sequence = sequence + 1, price_version = price_version + 1
             where organization_id = $1 returning sequence
           ) insert into tallykit.log_batch (organization_id, last_sequence, recorded_at)
           select $1, sequence, tallykit.at_ms($2) from moved`,
          [organizationId, at],
        );
        return { stored, unchanged, version: head.version + 1 };
      }),

    importCatalogue: (release, rows, at) =>
      database.transaction(async (session) => {
        const fresh = await session.query(
          `insert into tallykit.catalogue_release (release, imported_at) values ($1, tallykit.at_ms($2))
           on conflict do nothing returning release`,
          [release, at],
        );
        if (fresh.length === 0) return { imported: 0 };
        const inserted = await insertPrices(session, catalogue, { rows, at });
        await session.query('update tallykit.log_head set price_version = price_version + 1');
        return { imported: inserted.size };
      }),
  };
}
