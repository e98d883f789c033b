import { basename } from 'node:path';
import { createTracker } from '@tallykit/tracker-sdk';
import type { PriceRow } from '@tallykit/protocol';
import type { DemoOptions } from './command-line.ts';
import { customers } from './helpdesk/customers.ts';
import { operatorClient } from './ledger/push-ledger.ts';
import { askServer } from './replay/ask-server.ts';
import { expectedTotals, type TraceTotals } from './replay/expected-totals.ts';
import { startProgress } from './replay/progress.ts';
import { readTrace } from './replay/read-trace.ts';
import { replayCalls } from './replay/replay-calls.ts';
import { sameTotals } from './replay/same-totals.ts';
import { startHost, type RunningHost } from './start-host.ts';

function tableOf(sent: TraceTotals, answered: TraceTotals): readonly string[] {
  const rows: readonly (readonly [string, string | number, string | number])[] = [
    ['calls', sent.calls, answered.calls],
    ['input tokens', sent.inputTokens, answered.inputTokens],
    ['output tokens', sent.outputTokens, answered.outputTokens],
    ['cost, USD', sent.cost, answered.cost],
  ];
  return [
    '',
    ...[['', 'sent', 'server'] as const, ...rows].map(
      ([label, left, right]) =>
        `${label.padEnd(14)}${String(left).padStart(22)}${String(right).padStart(22)}`,
    ),
  ];
}

/** Replays a trace into the helpdesk and compares what the server answers with what was sent. */
export async function runReplay(
  options: DemoOptions & { readonly trace: string },
  print: (line: string) => void,
): Promise<{ readonly host: RunningHost; readonly equal: boolean }> {
  const rows = await readTrace(options.trace);
  const host = await startHost({ port: options.port, data: options.data, recentCalls: () => [] });
  const client = operatorClient(host.origin, host.endpoint);
  await client.ledger.putCustomers(customers.map(({ id, name }) => ({ id, name })));
  const begun = Date.now();
  const environment = `replay-${begun}`;
  print(
    `Replaying ${rows.length} requests of ${basename(options.trace)} as calls of ${options.model}. The page is at ${host.origin}`,
  );

  // A replay ends when everything has arrived, however busy the machine is.
  const tracker = createTracker({ endpoint: host.endpoint, apiKey: host.apiKey, flushTimeoutMs: 300_000 });
  const progress = startProgress('Replaying', rows.length, process.stderr);
  await replayCalls({
    rows,
    tracker,
    baseURL: host.provider.baseURL,
    model: options.model,
    speed: options.speed,
    environment,
    now: Date.now,
    onProgress: progress.update,
  });
  progress.stop();
  await tracker.shutdown();
  const { lost } = tracker.stats();
  if (Object.keys(lost).length > 0) print(`The tracker lost events: ${JSON.stringify(lost)}`);
  await host.tallykit.tick();

  const { prices } = await client.prices.list({ provider: 'openai', model: options.model });
  const price: PriceRow | null = prices[0] ?? null;
  const sent = expectedTotals(rows, price);
  const answered = await askServer(client, { environment, from: begun - 60_000, to: Date.now() + 60_000 });
  for (const line of tableOf(sent, answered)) print(line);
  if (answered.pendingCalls > 0)
    print(`${answered.pendingCalls} calls wait for a price: ${options.model} has none for them.`);
  const equal = sameTotals(sent, answered) && answered.pendingCalls === (price ? 0 : rows.length);
  print(equal ? 'The server answers what was sent.' : 'The server does NOT answer what was sent.');
  return { host, equal };
}
