import type { TallykitClient } from '@tallykit/client';
import { cellOf, clientAs, until } from '../engines/ask.ts';
import { runServer, type RunningServer } from '../engines/run-server.ts';
import { engines, type FreshStore } from '../engines/stores.ts';

/** A server that several tests share, each with customers of its own. */
export interface HostServer {
  readonly store: FreshStore;
  readonly endpoint: string;
  readonly apiKey: string;
  readonly operator: TallykitClient;
  /** Calls that the server counts for a customer, as soon as there are this many. */
  readonly callsOf: (customerId: string, atLeast: number) => Promise<number>;
  /** Events of the interface by name, for a customer, as soon as there are this many. */
  readonly telemetryOf: (customerId: string, atLeast: number) => Promise<Readonly<Record<string, number>>>;
  /** Ends it as the system would, and starts it again at the same address when asked. */
  readonly kill: () => Promise<() => Promise<void>>;
  /** The arguments by which a command of `tallykit` finds the store. */
  readonly where: readonly string[];
  readonly stop: () => Promise<void>;
  readonly close: () => Promise<void>;
}

const patienceMs = 15_000;
const day = (): { readonly from: string; readonly to: string } => ({
  from: new Date(Date.now() - 86_400_000).toISOString(),
  to: new Date(Date.now() + 3_600_000).toISOString(),
});

/** Starts a server on a fresh store. */
export async function startHostServer(engine: 'embedded' | 'postgres' = 'embedded'): Promise<HostServer> {
  const chosen = engines.find((each) => each.engine === engine);
  if (!chosen) throw new Error(`There is no engine ${engine} to start a server on.`);
  const store = await chosen.fresh();
  let running: RunningServer = await runServer({ store: store.store });
  const operator = clientAs(running.endpoint, 'operator');
  const filtersOf = (customerId: string) => [
    { field: 'customer', operator: 'eq' as const, values: [customerId] },
  ];
  return {
    store,
    endpoint: running.endpoint,
    apiKey: running.ingestKey ?? '',
    operator,
    callsOf: (customerId, atLeast) =>
      until(
        async () => {
          const filters = filtersOf(customerId);
          const query = { measures: ['calls'], filters, ...day() };
          return Number(cellOf(await operator.datasets.query('token_usage', query), 'calls') ?? 0);
        },
        (calls) => calls >= atLeast,
        patienceMs,
      ),
    telemetryOf: (customerId, atLeast) =>
      until(
        async () => {
          const filters = filtersOf(customerId);
          const query = { measures: ['events'], dimensions: ['event_name'], filters, ...day() };
          const answer = await operator.datasets.query('telemetry', query);
          const rows = answer.rows.map((_, row) => [
            String(cellOf(answer, 'event_name', row)),
            Number(cellOf(answer, 'events', row)),
          ]);
          return Object.fromEntries(rows) as Record<string, number>;
        },
        (found) => Object.values(found).reduce((sum, count) => sum + count, 0) >= atLeast,
        patienceMs,
      ),
    async kill() {
      await running.kill();
      const port = Number(new URL(running.endpoint).port);
      return async () => {
        running = await runServer({ store: store.store, port });
      };
    },
    where:
      store.store.engine === 'embedded'
        ? ['--data', store.store.folder]
        : ['--database-url', store.store.url],
    stop: () => running.stop(),
    async close() {
      await running.stop();
      await store.remove();
    },
  };
}
