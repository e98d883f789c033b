import { Pool } from 'pg';
import type { Measurement, Scenario } from '../measurement.ts';
import { generateEvents } from './generate-events.ts';
import { openTallykit } from './open-tallykit.ts';

const events = 100_000;
const days = 30;

const sizes = `select case
    when c.relname like 'event%' then 'events'
    when c.relname like 'cost_entry%' then 'cost entries'
    when c.relname like 'call_claim%' then 'claims of responses'
    when c.relname like 'presence%' then 'conversations and messages a day'
    when c.relname like 'sum%' or c.relname like 'rollup%' then 'sums'
    else 'everything else' end as part,
  sum(pg_total_relation_size(c.oid))::float8 as bytes
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = 'tallykit' and c.relkind = 'r' group by 1 order by 2 desc`;

async function measure(): Promise<readonly Measurement[]> {
  const { tallykit, url, close } = await openTallykit('postgres');
  const until = Date.now();
  for (const batch of generateEvents({ events, customers: 200, until, days, seed: 7 }, 2_000)) {
    await tallykit.ingest({ protocol: 1, sentAt: new Date(until).toISOString(), events: batch });
  }
  await tallykit.tick();
  const pool = new Pool({ connectionString: url ?? '' });
  const { rows } = await pool.query<{ part: string; bytes: number }>(sizes);
  await pool.end();
  await close();
  const megabytesAMillion = (bytes: number): number => (bytes / events) * (1_000_000 / 1_048_576);
  return [
    {
      what: 'a million calls on disk, indexes included',
      unit: 'MiB',
      value: megabytesAMillion(rows.reduce((sum, { bytes }) => sum + bytes, 0)),
      note: `calls with full attribution; ${days} days, 200 customers, four calls a conversation`,
    },
    ...rows.map(({ part, bytes }) => ({
      what: `of it: ${part}`,
      unit: 'MiB',
      value: megabytesAMillion(bytes),
    })),
  ];
}

/** How much room a store takes. */
export const sizeOnDisk: Scenario = {
  id: 'server/size-on-disk',
  question: 'How much disk does a million calls take (PostgreSQL)?',
  run: measure,
};
