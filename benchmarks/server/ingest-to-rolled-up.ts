import { PGlite } from '@electric-sql/pglite';
import { Pool } from 'pg';
import { wallOf } from '../interleave.ts';
import { summarize, type Measurement, type Scenario } from '../measurement.ts';
import { copyRows, insertBare, type ColumnarRows, type RunSql } from './bare-insert.ts';
import { listen } from './listen.ts';
import { startLoad } from './load-process.ts';
import { openTallykit } from './open-tallykit.ts';

const eventsPerRound = 20_000;
const rounds = 4;
const bareBatch = 2_000;

async function roundsOf(options: {
  readonly engine: 'postgres' | 'embedded';
  /** Runs SQL where the rows were written, to take them out again; null where another database must stand in. */
  readonly bareIn: (
    url: string | null,
  ) => Promise<{ readonly run: RunSql; readonly close: () => Promise<void> }>;
}): Promise<readonly Measurement[]> {
  // The bare insert repeats the rows of a run on PostgreSQL: both engines have the same tables.
  const source = await openTallykit('postgres');
  const sourceServer = await listen(source.tallykit);
  const sourceKey = await source.tallykit.keys.create({ kind: 'ingest', name: 'bench' });
  await (
    await startLoad({
      endpoint: sourceServer.endpoint,
      apiKey: sourceKey.secret,
      events: eventsPerRound,
      seed: 1,
    })
  ).send();
  const pool = new Pool({ connectionString: source.url ?? '' });
  const take: RunSql = async (sql, parameters = []) =>
    (await pool.query<Record<string, unknown>>(sql, [...parameters])).rows;
  const copied: ColumnarRows[] = [
    await copyRows(take, 'event', 'organization_id, id', bareBatch),
    await copyRows(take, 'cost_entry', 'organization_id, event_id, sequence', bareBatch),
  ];

  const bare =
    options.engine === 'postgres' ? { run: take, close: async () => undefined } : await options.bareIn(null);
  if (options.engine === 'embedded') {
    for (const { table, columns } of copied) {
      await bare.run(
        `create table ${table} (${columns.map(({ name, type }) => `${name} ${type}`).join(', ')})`,
      );
      await bare.run(
        `alter table ${table} add primary key (organization_id, ${table === 'bench_event' ? 'id' : 'event_id, sequence'})`,
      );
    }
  }

  const { tallykit, close } = await openTallykit(options.engine);
  const server = await listen(tallykit);
  const { secret } = await tallykit.keys.create({ kind: 'ingest', name: 'bench' });
  const ours: number[] = [];
  const bares: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    const load = await startLoad({
      endpoint: server.endpoint,
      apiKey: secret,
      events: eventsPerRound,
      seed: 100 + round,
    });
    const milliseconds = await wallOf(async () => {
      await load.send();
      await tallykit.tick();
    });
    for (const { table } of copied) await bare.run(`truncate ${table}`);
    const bareMilliseconds = await wallOf(async () => {
      for (const rows of copied) await insertBare(bare.run, rows);
    });
    if (round > 0) {
      ours.push((eventsPerRound / milliseconds) * 1000);
      bares.push((eventsPerRound / bareMilliseconds) * 1000);
    }
  }
  await server.close();
  await close();
  await bare.close();
  await pool.end();
  await sourceServer.close();
  await source.close();
  return [
    summarize(`${options.engine}: HTTP to durable and rolled up`, 'events/s', ours),
    summarize(`${options.engine}: bare unnest insert of the same events and cost entries`, 'events/s', bares),
    summarize(
      `${options.engine}: HTTP to rolled up, against the bare insert`,
      'x',
      ours.map((speed, round) => speed / (bares[round] ?? Number.NaN)),
      options.engine === 'postgres' ? { target: { kind: 'at least', value: 0.5 } } : {},
    ),
  ];
}

/** What ingest costs over the least that a database can do. */
export const ingestToRolledUp: Scenario = {
  id: 'server/ingest-to-rolled-up',
  question:
    'How fast do events travel from an HTTP request to durable and summed, against a bare insert of the same rows?',
  run: async () => [
    ...(await roundsOf({
      engine: 'postgres',
      bareIn: async () => Promise.reject(new Error('PostgreSQL inserts where it reads.')),
    })),
    ...(await roundsOf({
      engine: 'embedded',
      bareIn: async () => {
        const database = await PGlite.create();
        return {
          run: async (sql, parameters = []) =>
            (await database.query<Record<string, unknown>>(sql, [...parameters])).rows,
          close: () => database.close(),
        };
      },
    })),
  ],
};
