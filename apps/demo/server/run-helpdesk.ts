import { createTracker } from '@tallykit/tracker-sdk';
import { startLiveTraffic, type LiveTraffic } from './assistant/live-traffic.ts';
import { pushBudgets } from './budgets/push-budgets.ts';
import type { DemoOptions } from './command-line.ts';
import { fillHistory } from './history/fill-history.ts';
import { seededRandom } from './history/seeded-random.ts';
import { pushLedger } from './ledger/push-ledger.ts';
import { startProgress, type Progress } from './replay/progress.ts';
import { startHost, type RunningHost } from './start-host.ts';

/** With today, ninety days: what a server takes by default. */
const daysBeforeToday = 89;

/** Starts the helpdesk with ninety days of history and an assistant that keeps making calls. */
export async function runHelpdesk(
  options: DemoOptions,
  print: (line: string) => void,
): Promise<{ readonly host: RunningHost; readonly stop: () => Promise<void> }> {
  let traffic: LiveTraffic | undefined;
  const host = await startHost({
    port: options.port,
    data: options.data,
    recentCalls: () => traffic?.recent() ?? [],
  });
  const now = Date.now();
  await pushLedger(host.origin, host.endpoint, now);
  let bar: Progress | undefined;
  const filled = await fillHistory({
    now,
    days: daysBeforeToday,
    ingest: host.tallykit.ingest,
    onProgress: (sent, total) => {
      bar ??= startProgress('Filling ninety days of history', total, process.stderr);
      bar.update(sent);
    },
  });
  bar?.stop();
  await host.tallykit.tick();
  await pushBudgets(host.origin, host.endpoint);
  print(`History: ${filled.accepted} calls added, ${filled.duplicates} were there already.`);

  const tracker = createTracker({ endpoint: host.endpoint, apiKey: host.apiKey, environment: 'production' });
  let told = false;
  traffic = startLiveTraffic({
    tracker,
    baseURL: host.provider.baseURL,
    everyMs: 1_500,
    random: seededRandom(`live ${now}`),
    now: Date.now,
    onError: (error) => {
      if (!told) print(`A call of the assistant failed: ${String(error)}`);
      told = true;
    },
  });
  return {
    host,
    stop: async () => {
      await traffic?.stop();
      await tracker.shutdown();
      await host.close();
    },
  };
}
